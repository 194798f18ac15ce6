import { useSignal } from "@preact/signals";
import type { Ref } from "preact";
import { useId } from "preact/hooks";
import { mayWrite } from "../../store/own/open";

interface Props {
  name: string;
  label: string;
  testId: string;
  className?: string;
  /** What is wrong with a name, to be read; empty where nothing is. */
  problemWith: (name: string) => string;
  onChange: (name: string) => void;
  input?: Ref<HTMLInputElement>;
}

/**
 * A name that looks like the heading that it is, until it is pointed at. What is being typed stays, whatever comes in
 * meanwhile; a name that cannot be taken stays as well, marked, and it is said why. Escape takes it back.
 */
export function NameField({ name, label, testId, className, problemWith, onChange, input }: Props) {
  const typed = useSignal<string | null>(null);
  const wrong = useSignal("");
  const id = useId();
  const settle = () => {
    const given = typed.peek()?.trim();
    if (given === undefined) return;
    wrong.value = problemWith(given);
    if (wrong.value) return;
    typed.value = null;
    if (given !== name) onChange(given);
  };
  return (
    <div class="data-name-field">
      <input
        ref={input ?? null}
        type="text"
        class={className}
        data-testid={testId}
        aria-label={label}
        aria-invalid={wrong.value !== ""}
        aria-describedby={wrong.value ? id : undefined}
        autocomplete="off"
        enterkeyhint="done"
        maxLength={80}
        value={typed.value ?? name}
        disabled={!mayWrite.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
        onChange={settle}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            typed.value = null;
            wrong.value = "";
          }
          if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
        }}
      />
      {wrong.value && (
        <p class="class-wrong small" id={id} role="alert">
          {wrong.value}
        </p>
      )}
    </div>
  );
}
