import { strings } from "../i18n";
import type { TermId } from "./formulas";

interface Activation {
  value: (x: number) => number;
  slope: (x: number) => number;
}

/** In the dialog alone; in a network it is what the person set. */
const LEAK = 0.1;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const activations: Partial<Record<TermId, Activation>> = {
  relu: { value: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) },
  leakyRelu: { value: (x) => (x > 0 ? x : LEAK * x), slope: (x) => (x > 0 ? 1 : LEAK) },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * (1 - sigmoid(x)) },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
  gelu: { value: (x) => x * belowNormal(x), slope: (x) => belowNormal(x) + x * density(x) },
};

/** Φ(x) to 7.5e-8 (Abramowitz & Stegun 1964, 26.2.17). */
function belowNormal(x: number): number {
  if (x < 0) return 1 - belowNormal(-x);
  const t = 1 / (1 + 0.2316419 * x);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - density(x) * tail;
}

/** What is shown, in both directions. */
const REACH = 4;
const [BOTTOM, TOP] = [-1.4, 2.6];
/** The picture's units for 1. */
const UNIT = 40;
const POINTS = 161;

/** An activation's curve and its slope, or nothing for other terms. */
export function ActivationPlot({ of }: { of: TermId }) {
  const activation = activations[of];
  if (!activation) return null;
  const { plotValue, plotSlope, plotOf, terms } = strings.value;
  return (
    <figure class="activation">
      <svg
        viewBox={`${-REACH * UNIT} ${-TOP * UNIT} ${2 * REACH * UNIT} ${(TOP - BOTTOM) * UNIT}`}
        role="img"
        aria-label={plotOf(terms[of].name)}
      >
        <path class="activation-grid" d={grid()} />
        <path class="activation-axis" d={`M${-REACH * UNIT} 0H${REACH * UNIT}M0 ${-TOP * UNIT}V${-BOTTOM * UNIT}`} />
        <path class="activation-slope" d={line(activation.slope)} />
        <path class="activation-value" d={line(activation.value)} />
        <text x={4} y={-UNIT - 3}>
          1
        </text>
        <text x={UNIT - 3} y={13}>
          1
        </text>
      </svg>
      <figcaption class="muted small">
        <span class="activation-key">{plotValue}</span>
        <span class="activation-key activation-key-slope">{plotSlope}</span>
      </figcaption>
    </figure>
  );
}

function line(of: (x: number) => number): string {
  const points = Array.from({ length: POINTS }, (_, i) => {
    const x = -REACH + (2 * REACH * i) / (POINTS - 1);
    return `${(x * UNIT).toFixed(1)} ${(-of(x) * UNIT).toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}

function grid(): string {
  const lines: string[] = [];
  for (let x = -REACH; x <= REACH; x++) lines.push(`M${x * UNIT} ${-TOP * UNIT}V${-BOTTOM * UNIT}`);
  for (let y = Math.ceil(BOTTOM); y <= TOP; y++) lines.push(`M${-REACH * UNIT} ${-y * UNIT}H${REACH * UNIT}`);
  return lines.join("");
}
