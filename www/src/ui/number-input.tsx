import { useSignal } from "@preact/signals";
import type { ComponentProps } from "preact";
import { useEffect, useRef } from "preact/hooks";

type Given = Omit<ComponentProps<"input">, "type" | "role" | "ref" | "value" | "onInput" | "onBlur" | "onChange">;

interface Props extends Given {
  /** undefined: none yet; the field is empty. */
  value: number | undefined;
  /** Called with what fits. What does not stays in the field, marked. */
  onChange: (value: number) => void;
}

/**
 * A number. What is being typed stays in the field as it was typed: on the way to 0.05 stands 0.0, which as a number is
 * 0, and would be written back as that.
 */
export function NumberInput({ value, onChange, ...rest }: Props) {
  const ref = useRef<HTMLInputElement>(null);
  const typed = useSignal<string | null>(null);
  // Another number, such as a preset's, takes the place of what did not fit.
  useEffect(() => {
    if (document.activeElement !== ref.current) typed.value = null;
  }, [typed, value]);
  return (
    <input
      {...rest}
      ref={ref}
      type="number"
      value={typed.value ?? (value === undefined ? "" : String(value))}
      onInput={({ currentTarget }) => {
        typed.value = currentTarget.value;
        if (currentTarget.validity.valid && currentTarget.value) onChange(currentTarget.valueAsNumber);
      }}
      onBlur={({ currentTarget }) => {
        if (currentTarget.validity.valid) typed.value = null;
      }}
    />
  );
}
