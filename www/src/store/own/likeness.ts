/** The index of the open dataset's features, kept up while it is open: for likeness, and for the map. */
import { SearchEngine } from "../../engine/search";
import { featured, looseRows, openedBackbone } from "./features";
import { onClose, openId } from "./open";

const engine = new SearchEngine();
/** Each waits for the one before: nothing is added twice. */
let turn: Promise<unknown> = Promise.resolve();

onClose(() => engine.rest());

/** The index with everything that has features. */
export function kept(): Promise<SearchEngine> {
  const mine = turn.then(async () => {
    const of = openId.peek();
    const { id, dimension } = await openedBackbone();
    if (!of || of !== openId.peek()) return engine;
    await engine.begin(`${of} ${id}`, dimension);
    const missing = [...featured.peek()].filter((sample) => !engine.has.has(sample));
    // Those that the disk had no room for come from here.
    const loose = looseRows(missing);
    if (loose) await engine.add(loose);
    await engine.addKept(of, id, missing);
    return engine;
  });
  turn = mine.catch(() => {});
  return mine;
}
