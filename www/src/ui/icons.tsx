/** Line icons, drawn in the text's colour. They always stand beside words or in a named button. */
const PATHS = {
  undo: "M8 5 4 9l4 4M4 9h9a6 6 0 0 1 0 12h-2",
  clear: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  play: "M7 4.5v15l12-7.5z",
  pause: "M8 5v14M16 5v14",
  stop: "M6 6h12v12H6z",
  next: "M5 12h14M13 6l6 6-6 6",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.5 10 17.5 19 7",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  open: "M4 19V6h6l2 2h8v11z",
} as const;

const SOLID: readonly string[] = ["play", "stop"];

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class={SOLID.includes(name) ? "icon solid" : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
