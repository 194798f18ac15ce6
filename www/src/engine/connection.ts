import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";

export type Upgrade<S extends DBSchema> = (
  db: IDBPDatabase<S>,
  before: number,
  transaction: IDBPTransaction<S, StoreNames<S>[], "versionchange">,
) => void | Promise<void>;

/**
 * A database that is opened when it is first needed, and again when the browser has closed it. Returns what works in it.
 */
export function connection<S extends DBSchema>(
  name: string,
  version: number,
  upgrade: Upgrade<S>,
): <T>(work: (db: IDBPDatabase<S>) => Promise<T>) => Promise<T> {
  type Database = IDBPDatabase<S>;
  let opening: Promise<Database> | undefined;
  /** Rejected once another tab with an older page keeps the database from being opened. */
  let hindered: Promise<never> | undefined;

  function database(): Promise<Database> {
    if (!opening) {
      let hinder = () => {};
      hindered = new Promise((_, reject) => {
        hinder = () => reject(new Error("An older page of Hearth in another tab keeps the database."));
      });
      hindered.catch(() => {});
      const mine = openDB<S>(name, version, {
        upgrade: (db, before, _to, transaction) => upgrade(db, before, transaction),
        blocked: hinder,
        // A newer page in another tab needs the database: this one lets go and opens it again when asked.
        blocking(_current, _blocked, event) {
          (event.target as IDBDatabase).close();
          letGo(mine);
        },
        // The browser closed it: storage was cleared, or its process died.
        terminated: () => letGo(mine),
      });
      opening = mine;
      // A database that could not be opened may open the next time.
      mine.catch(() => letGo(mine));
    }
    // Nobody waits for a tab that may stay open for days; once that is closed the database is there.
    return Promise.race([opening, hindered as Promise<never>]);
  }

  function letGo(connection: Promise<Database>): void {
    if (opening === connection) opening = undefined;
  }

  /** A connection may be lost without a word (a laptop that slept, storage that was cleared): it is opened once more. */
  return async (work) => {
    const db = await database();
    try {
      return await work(db);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error;
      opening = undefined;
      return work(await database());
    }
  };
}

interface Transaction {
  abort(): void;
  done: Promise<void>;
}

/**
 * Does `work` in the transaction, as a whole or not at all: what a request throws by itself leaves its transaction open,
 * and the half that was asked for would be written.
 */
export async function whole<T>(transaction: Transaction, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await transaction.done;
    return result;
  } catch (error) {
    abandon(transaction);
    // A request of a transaction that the browser has ended, for want of room say, knows only that.
    if (!isAbort(error)) throw error;
    throw await transaction.done.then(
      () => error,
      (cause) => cause,
    );
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export function abandon(transaction: Transaction): void {
  transaction.done.catch(() => {});
  try {
    transaction.abort();
  } catch {
    // The error itself has aborted it.
  }
}
