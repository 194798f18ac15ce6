/** Line icons, drawn in the text's colour. They always stand beside words or in a named button. */
const PATHS = {
  undo: "M8 5 4 9l4 4M4 9h9a6 6 0 0 1 0 12h-2",
  clear: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  play: "M7 4.5v15l12-7.5z",
  pause: "M8 5v14M16 5v14",
  stop: "M6 6h12v12H6z",
  next: "M5 12h14M13 6l6 6-6 6",
  previous: "M19 12H5M11 6l-6 6 6 6",
  close: "M6 6l12 12M18 6 6 18",
  left: "M19 12H5M11 6l-6 6 6 6",
  right: "M5 12h14M13 6l6 6-6 6",
  check: "M5 12.5 10 17.5 19 7",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  redo: "M16 5l4 4-4 4M20 9h-9a6 6 0 0 0 0 12h2",
  add: "M12 5v14M5 12h14",
  up: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  edit: "M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  paste: "M8 5H5v16h14V5h-3M9 3h6v4H9z",
  reset: "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 3.5v5h5",
  camera: "M4 8h4l1.5-3h5L16 8h4v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  unfold: "M6 9l6 6 6-6",
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
