// How long the page's main thread is held up.

/** The longest task of the page's main thread from now until it is asked, in milliseconds on the clock. */
export async function onClock(page) {
  await page.addInitScript(watchTasks);
  await page.evaluate(watchTasks);
  return () => page.evaluate(() => globalThis.longest);
}

/** In the page. */
function watchTasks() {
  const begun = globalThis.longest === undefined;
  globalThis.longest = 0;
  if (!begun) return;
  const note = (list) => {
    for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
  };
  new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
}

/**
 * The same of the thread's own computing: less than on the clock where it had to wait for one of the machine's cores. To
 * be told it makes everything slower, so it is a pass of its own.
 */
export async function computing(page) {
  const client = await page.context().newCDPSession(page);
  const events = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const traceConfig = { includedCategories: ["disabled-by-default-devtools.timeline"] };
  await client.send("Tracing.start", { traceConfig, transferMode: "ReportEvents" });
  return async () => {
    const complete = new Promise((resolve) => client.once("Tracing.tracingComplete", resolve));
    await client.send("Tracing.end");
    await complete;
    await client.detach();
    const thread = ({ pid, tid }) => `${pid} ${tid}`;
    const mains = new Set(
      events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(thread),
    );
    const tasks = events.filter((event) => event.name === "RunTask" && event.ph === "X" && mains.has(thread(event)));
    return Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur / 1000));
  };
}
