import { strings } from "../../i18n";
import { Formula } from "../../ui/formulas";
import { Row, Sup } from "../../ui/mathml";

/** What a convolutional layer computes, beside what mathematics calls a convolution. */
export function TwoFormulas() {
  const { layers } = strings.value;
  return (
    <details class="card look-formulas">
      <summary>{layers.correlation}</summary>
      <p class="small">{layers.correlationMore}</p>
      <div class="look-pair">
        <figure>
          <Formula of="conv" />
          <figcaption>{layers.crossCorrelation}</figcaption>
        </figure>
        <figure>
          <Convolution />
          <figcaption>{layers.convolution}</figcaption>
        </figure>
      </div>
    </details>
  );
}

/** (f ∗ g)(s, t) = ∬ f(σ, τ) g(s − σ, t − τ) dσ dτ, over the whole plane. */
function Convolution() {
  return (
    <math display="block">
      <mrow>
        <Row of="(f∗g)(s,t)=" />
        <munder>
          <mo>∬</mo>
          <Sup of="ℝ" to="2" />
        </munder>
        <Row of="f(σ,τ)" />
        <mspace width="0.15em" />
        <Row of="g(s−σ,t−τ)" />
        <mspace width="0.15em" />
        <Row of="dσ" />
        <mspace width="0.15em" />
        <Row of="dτ" />
      </mrow>
    </math>
  );
}
