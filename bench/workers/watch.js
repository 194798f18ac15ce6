// Looks over a library's shoulder at WebGPU, over each one's alike: which adapter it got, when its queue is empty, and,
// once `traceable`, how long the GPU takes for each dispatch. Loaded before the library, by module and classic workers.
{
  const FEATURE = "timestamp-query";
  const QUERIES = 4096; // the most that a query set may hold

  let adapter = null;
  let device = null;
  let traceable = false;
  let tracing = null;
  const codes = new WeakMap(); // of shader modules
  const names = new WeakMap(); // of pipelines

  /** Replaces a method by one that is given the original and its arguments. */
  const wrap = (type, method, instead) => {
    const original = type?.prototype[method];
    if (!original) return;
    type.prototype[method] = function (...args) {
      return instead.call(this, (...a) => original.apply(this, a), ...args);
    };
  };

  wrap(globalThis.GPUAdapter, "requestDevice", async function (original, descriptor = {}) {
    const wanted = [...(descriptor.requiredFeatures ?? [])];
    if (traceable && this.features.has(FEATURE) && !wanted.includes(FEATURE)) wanted.push(FEATURE);
    device = await original({ ...descriptor, requiredFeatures: wanted });
    adapter = this;
    return device;
  });

  /** A shader that nobody has named, by its first comment and the sizes that it is compiled for. */
  function saidOf(code) {
    const comment = /\/\/ *(.{1,40})/.exec(code)?.[1] ?? "?";
    const sizes = ["BATCH", "CHANNELS", "HEIGHT", "WIDTH", "FILTERS", "LENGTH"].flatMap((name) => {
      const value = new RegExp(`const ${name} = (\\d+)`).exec(code)?.[1];
      return value && value !== "0" ? [`${name.toLowerCase()} ${value}`] : [];
    });
    return `${comment}… ${sizes.join(" ")}`;
  }

  /** A compute pass each of whose dispatches becomes a pass of its own with a time stamp on either side. */
  class TracedPass {
    #begin;
    #pipeline = null;
    #groups = new Map();

    constructor(begin) {
      this.#begin = begin;
    }
    setPipeline(pipeline) {
      this.#pipeline = pipeline;
    }
    setBindGroup(index, ...group) {
      this.#groups.set(index, group);
    }
    dispatchWorkgroups(x, y = 1, z = 1) {
      this.#timed(`${x}×${y}×${z}`, (pass) => pass.dispatchWorkgroups(x, y, z));
    }
    dispatchWorkgroupsIndirect(buffer, offset) {
      this.#timed("indirect", (pass) => pass.dispatchWorkgroupsIndirect(buffer, offset));
    }
    pushDebugGroup() {}
    popDebugGroup() {}
    insertDebugMarker() {}
    end() {}

    #timed(workgroups, dispatch) {
      const place = (2 * tracing.dispatches.length) % QUERIES;
      if (place === 0) tracing.sets.push(device.createQuerySet({ type: "timestamp", count: QUERIES }));
      const timestampWrites = {
        querySet: tracing.sets.at(-1),
        beginningOfPassWriteIndex: place,
        endOfPassWriteIndex: place + 1,
      };
      tracing.dispatches.push({ kernel: names.get(this.#pipeline) ?? "?", workgroups });
      const pass = this.#begin({ timestampWrites });
      pass.setPipeline(this.#pipeline);
      for (const [index, group] of this.#groups) pass.setBindGroup(index, ...group);
      dispatch(pass);
      pass.end();
    }
  }
  /** From here on, before the library opens its device; what is timed for comparison goes without. */
  function makeTraceable() {
    traceable = true;
    wrap(globalThis.GPUDevice, "createShaderModule", (original, descriptor) => {
      const made = original(descriptor);
      codes.set(made, descriptor.code);
      return made;
    });
    const named = (pipeline, { label, compute }) => {
      const name = [label, compute.entryPoint].find((one) => one && one !== "main");
      names.set(pipeline, name ?? saidOf(codes.get(compute.module)));
      return pipeline;
    };
    wrap(globalThis.GPUDevice, "createComputePipeline", (original, descriptor) =>
      named(original(descriptor), descriptor),
    );
    wrap(globalThis.GPUDevice, "createComputePipelineAsync", async (original, descriptor) =>
      named(await original(descriptor), descriptor),
    );

    wrap(globalThis.GPUCommandEncoder, "beginComputePass", (original, descriptor) => {
      if (!tracing) return original(descriptor);
      tracing.calls.beginComputePass = (tracing.calls.beginComputePass ?? 0) + 1;
      return new TracedPass(original);
    });
    const counted = [
      [globalThis.GPUQueue, ["submit", "writeBuffer"]],
      [globalThis.GPUCommandEncoder, ["copyBufferToBuffer", "clearBuffer"]],
      [globalThis.GPUDevice, ["createBuffer", "createBindGroup", "createComputePipeline", "createShaderModule"]],
      [globalThis.GPUBuffer, ["mapAsync"]],
    ];
    for (const [type, methods] of counted) {
      for (const method of methods) {
        wrap(type, method, (original, ...args) => {
          if (tracing) tracing.calls[method] = (tracing.calls[method] ?? 0) + 1;
          return original(...args);
        });
      }
    }
  }

  /** Nanoseconds, as the GPU wrote them. */
  async function read(set) {
    const usage = globalThis.GPUBufferUsage;
    const bytes = QUERIES * 8;
    const resolved = device.createBuffer({ size: bytes, usage: usage.QUERY_RESOLVE | usage.COPY_SRC });
    const mapped = device.createBuffer({ size: bytes, usage: usage.COPY_DST | usage.MAP_READ });
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(set, 0, QUERIES, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, mapped, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await mapped.mapAsync(globalThis.GPUMapMode.READ);
    const stamps = [...new BigUint64Array(mapped.getMappedRange())];
    for (const buffer of [resolved, mapped]) buffer.destroy();
    set.destroy();
    return stamps;
  }

  globalThis.watch = {
    makeTraceable,

    /** Whose device the library has; null if it has none. */
    adapter() {
      if (!adapter) return null;
      const { vendor, architecture, device: card, description, isFallbackAdapter } = adapter.info;
      return { vendor, architecture, device: card, description, isFallbackAdapter };
    },

    /** Resolves when the GPU has done all that it was told. */
    async finished() {
      await device?.queue.onSubmittedWorkDone();
    },

    /** Runs `work` with every dispatch timed → the dispatches in order, in ms, and how often the API was called. */
    async trace(work) {
      if (!device?.features.has(FEATURE)) throw new Error(`The adapter has no ${FEATURE}.`);
      await this.finished();
      tracing = { dispatches: [], sets: [], calls: {} };
      const began = performance.now();
      await work();
      await this.finished();
      const wall = performance.now() - began;
      const { dispatches, sets, calls } = tracing;
      tracing = null;
      const stamps = [];
      for (const set of sets) stamps.push(...(await read(set)));
      for (const [i, dispatch] of dispatches.entries()) dispatch.ms = Number(stamps[2 * i + 1] - stamps[2 * i]) / 1e6;
      return { dispatches, calls, wall };
    },
  };
}
