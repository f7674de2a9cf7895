import { type FormEvent, useState } from "react";

interface KeyBarProps {
  readonly current: string;
  onUse(key: string): void;
}

/** Where the API key goes. Says where to find one as long as there is none. */
export function KeyBar({ current, onUse }: KeyBarProps) {
  const [typed, setTyped] = useState(current);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onUse(typed.trim());
  };
  return (
    <form className="key-bar" onSubmit={submit}>
      <label htmlFor="key">API key</label>
      <input
        id="key"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="tnk_…"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" disabled={typed.trim() === current}>
        Use key
      </button>
      <p role="status">
        {current === ""
          ? "The service printed the first admin key when it started for the first time. Paste it here, or write an Authorization header in the headers editor below."
          : "The key is sent with every operation of this browser tab, unless the headers editor has an Authorization of its own."}
      </p>
    </form>
  );
}
