import { strings } from "../../i18n";
import { address, asked } from "../../router";

const OTHERS = ["photos", "camera", "data", "train", "test", "layers"] as const;

/** Where an address leads nowhere: what was asked for, and where there is something. */
export function UnknownPage() {
  const { unknown, nav, layers } = strings.value;
  const names = { ...nav, layers: layers.link };
  return (
    <div class="unknown" data-testid="unknown-page">
      <header class="page-head">
        <h1>{unknown.heading}</h1>
        <p class="muted">{unknown.text(asked.value)}</p>
      </header>
      <ul class="unknown-links">
        <li>
          <a class="button primary" href={address("draw")}>
            {nav.draw}
          </a>
        </li>
        {OTHERS.map((to) => (
          <li key={to}>
            <a class="button" href={address(to)}>
              {names[to]}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
