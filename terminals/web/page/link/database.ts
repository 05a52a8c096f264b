/** What the card keeps in this browser beside the key: acts that are not sent, the clock's offset, the last orders. */

const NAME = "lianqin-card";
const VERSION = 1;

/** The name of the last orders that were told, on the shelf "kept". */
export const SNAPSHOT = "card";

export type Shelf = "outbox" | "kept";

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("outbox" satisfies Shelf, { keyPath: "number", autoIncrement: true });
      request.result.createObjectStore("kept" satisfies Shelf);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

/**
 * One transaction on one shelf; what `act` gives is what it resolves to, once the transaction is over. A change is on
 * the disk by then, and not only with the operating system ("strict").
 */
export async function onShelf<T>(shelf: Shelf, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await openDatabase();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(shelf, mode, { durability: "strict" });
      const request = act(transaction.objectStore(shelf));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB"));
    });
  } finally {
    database.close();
  }
}

export function recall<T>(name: string): Promise<T | undefined> {
  return onShelf("kept", "readonly", (store) => store.get(name) as IDBRequest<T | undefined>);
}

export async function remember<T>(name: string, value: T): Promise<void> {
  await onShelf("kept", "readwrite", (store) => store.put(value, name));
}

export async function forget(name: string): Promise<void> {
  await onShelf("kept", "readwrite", (store) => store.delete(name));
}
