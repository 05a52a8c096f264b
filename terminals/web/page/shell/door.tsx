/** What a browser without a usable key sees: how to bring one, and what is wrong with the one that was brought. */
import { useState } from "preact/hooks";
import { type KeyFile, KeyFileFault, readKeyFile } from "../link/keyfile";
import { tr } from "../words";

export interface DoorProps {
  title: string; // of the page behind it
  /** Why the person is here, if a key is there: "" for none. */
  why: string;
  needsCode: boolean; // the browser cannot keep a key by itself
  keep(file: KeyFile, code: string | undefined): Promise<void>;
}

const FILES_MOST = 2; // BADGE.key and bus.pub
const BYTES_MOST = 64 * 1024;

async function readFiles(files: readonly File[]): Promise<KeyFile> {
  if (files.length === 0 || files.length > FILES_MOST) throw new KeyFileFault(tr("Choose one file: BADGE.bundle."));
  const texts = await Promise.all(
    files.map((file) => {
      if (file.size > BYTES_MOST) throw new KeyFileFault(tr("%s is no key file: it is too large.", file.name));
      return file.text();
    }),
  );
  return readKeyFile(texts.join("\n"));
}

export function Heading({ title }: { title: string }) {
  return (
    <h1>
      {tr("Lianqin")} <span>{title}</span>
    </h1>
  );
}

/** A code of six digits, typed twice. `fail` is told what is wrong with it. */
export function NewCode({ text, button, take, fail }: { text: string; button: string; take(code: string): Promise<void>; fail(text: string): void }) {
  const [busy, setBusy] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const [code, again] = [String(data.get("code")), String(data.get("again"))];
    if (!/^\d{6}$/.test(code)) return fail(tr("The code has six digits."));
    if (code !== again) return fail(tr("The two codes are not the same."));
    setBusy(true);
    fail("");
    take(code).catch((error: unknown) => fail(String(error))).finally(() => setBusy(false));
  };
  return (
    <form onSubmit={submit}>
      <p>{text}</p>
      <label>
        {tr("Code")} <input name="code" type="password" inputMode="numeric" autocomplete="new-password" maxLength={6} required />
      </label>
      <label>
        {tr("Again")} <input name="again" type="password" inputMode="numeric" autocomplete="new-password" maxLength={6} required />
      </label>
      <button disabled={busy}>{button}</button>
    </form>
  );
}

export function Door({ title, why, needsCode, keep }: DoorProps) {
  const [fault, setFault] = useState("");
  const [file, setFile] = useState<KeyFile>();
  const [over, setOver] = useState(false);
  const take = async (files: FileList | null | undefined): Promise<void> => {
    setOver(false);
    setFault("");
    try {
      const read = await readFiles([...(files ?? [])]);
      if (needsCode) setFile(read);
      else await keep(read, undefined);
    } catch (error) {
      setFile(undefined);
      setFault(error instanceof KeyFileFault ? error.message : tr("The file could not be read: %s", String(error)));
    }
  };
  return (
    <main class="door">
      <Heading title={title} />
      {why !== "" && (
        <p class="alarm" role="alert">
          {why}
        </p>
      )}
      <h2>{tr("Bring your key to this browser")}</h2>
      <p>{tr("Who administers the bus makes it for you: lq key issue BADGE --bundle. The file BADGE.bundle stays on this machine: nothing of it is sent.")}</p>
      <label
        class={`drop${over ? " over" : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          void take(event.dataTransfer?.files);
        }}
      >
        <b>{tr("Drop the file here, or choose it")}</b>
        <input type="file" multiple onChange={(event) => void take(event.currentTarget.files)} />
      </label>
      {fault !== "" && (
        <p class="alarm" role="alert">
          {fault} {tr("Nothing was kept.")}
        </p>
      )}
      {file !== undefined && (
        <NewCode
          text={tr("This browser cannot seal a key in. It is kept under a code of six digits instead, which is asked for each time.")}
          button={tr("Keep the key")}
          take={(code) => keep(file, code)}
          fail={setFault}
        />
      )}
      <p class="quiet">{tr("Then delete the file here and wherever it was on the way. A lost machine: lq key revoke BADGE.")}</p>
      <p class="quiet">{tr("A phone needs no file: lq key pair BADGE --device NAME, on the bus's machine, shows a code to scan.")}</p>
    </main>
  );
}

/** The code of a key that is kept under one. */
export function CodeDoor({ title, badge, why = "", open, forget }: { title: string; badge: string; why?: string; open(code: string): Promise<boolean>; forget(): void }) {
  const [wrong, setWrong] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    setWrong(!(await open(String(data.get("code")))));
  };
  return (
    <main class="door">
      <Heading title={title} />
      <h2>{badge}</h2>
      {why !== "" && <p role="status">{why}</p>}
      <form onSubmit={(event) => void submit(event)}>
        <label>
          {tr("Code")} <input name="code" type="password" inputMode="numeric" autocomplete="current-password" maxLength={6} required autofocus />
        </label>
        <button>{tr("Unlock")}</button>
      </form>
      {wrong && (
        <p class="alarm" role="alert">
          {tr("That is not the code.")}
        </p>
      )}
      <p>
        <button type="button" class="plain" onClick={forget}>
          {tr("Code forgotten: remove the key, and bring another")}
        </button>
      </p>
    </main>
  );
}

/** Where nothing answers, or not the bus that the key file names. */
export function NotTheBus({ title, badge, remove }: { title: string; badge: string; remove(): void }) {
  return (
    <main class="door">
      <Heading title={title} />
      <p class="alarm" role="alert">
        {tr("The bus cannot be reached, or it is not the one that the key of %s is for. It is tried again.", badge)}
      </p>
      <p>{tr("Three things to look at:")}</p>
      <ol>
        <li>{tr("the address of this page: is it the one that you were given?")}</li>
        <li>{tr("the bus: does it run (lq status on its machine)?")}</li>
        <li>{tr("the key file: is it of this bus? One of before the bus was set up anew opens nothing.")}</li>
      </ol>
      <p>
        <button type="button" class="plain" onClick={remove}>
          {tr("Remove this key, and bring another")}
        </button>
      </p>
    </main>
  );
}
