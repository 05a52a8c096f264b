/**
 * What is kept in this browser, on shelves of IndexedDB: the key, and beside it what the card keeps: acts that are not sent,
 * the clock's offset, the last orders. A database is opened once a page.
 */
interface Database {
  name: string;
  shelves: { name: Shelf; options?: IDBObjectStoreParameters }[];
}

export type Shelf = "keys" | "outbox" | "kept";

/** What was told, on the shelf "kept": the last orders, and where they lead to. */
export const SNAPSHOT = "card";
export const PREMISES = "premises";

const VERSION = 1;
const KEY: Database = { name: "lianqin", shelves: [{ name: "keys" }] };
const CARD: Database = { name: "lianqin-card", shelves: [{ name: "outbox", options: { keyPath: "number", autoIncrement: true } }, { name: "kept" }] };

const opened = new Map<string, Promise<IDBDatabase>>();

function openDatabase({ name, shelves }: Database): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = () => shelves.forEach((shelf) => request.result.createObjectStore(shelf.name, shelf.options));
    request.onsuccess = () => {
      const database = request.result;
      const drop = (): void => void opened.delete(name);
      database.onclose = drop; // the browser has removed what it keeps
      database.onversionchange = () => {
        drop();
        database.close();
      };
      resolve(database);
    };
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

function databaseOf(shelf: Shelf): Promise<IDBDatabase> {
  const database = shelf === "keys" ? KEY : CARD;
  const before = opened.get(database.name);
  if (before !== undefined) return before;
  const opening = openDatabase(database);
  opened.set(database.name, opening);
  opening.catch(() => opened.delete(database.name)); // it is tried again
  return opening;
}

/**
 * One transaction on one shelf; what `act` gives is what it resolves to, once the transaction is over. A change is on
 * the disk by then, and not only with the operating system ("strict").
 */
export async function onShelf<T>(shelf: Shelf, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await databaseOf(shelf);
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(shelf, mode, { durability: "strict" });
    const request = act(transaction.objectStore(shelf));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB"));
  });
}

export function recall<T>(name: string, shelf: Shelf = "kept"): Promise<T | undefined> {
  return onShelf(shelf, "readonly", (store) => store.get(name) as IDBRequest<T | undefined>);
}

export async function remember<T>(name: string, value: T, shelf: Shelf = "kept"): Promise<void> {
  await onShelf(shelf, "readwrite", (store) => store.put(value, name));
}

export async function forget(name: string, shelf: Shelf = "kept"): Promise<void> {
  await onShelf(shelf, "readwrite", (store) => store.delete(name));
}

/**
 * What was told to the key's owner and is kept goes. What he did and nobody has decided yet (the outbox) is not of that
 * kind: it stays for the administrator to see.
 */
export async function forgetTold(): Promise<void> {
  await Promise.all([forget(SNAPSHOT), forget(PREMISES)]);
}
