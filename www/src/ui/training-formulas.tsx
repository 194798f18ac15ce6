import type { JSX } from "preact";
import { Brackets, Frac, Lines, Row, Sub, Sum, Sup } from "./mathml";

/**
 * How networks are trained, in the notation of Kingma & Ba 2015 (Adam), Loshchilov & Hutter 2017 (cosine schedule) and
 * 2019 (AdamW), and Sutskever et al. 2013 (momentum).
 */
export const trainingFormulas = {
  meanSquaredError: () => (
    <mrow>
      <Row of="L=" />
      <Frac top="1" bottom="NK" />
      <Sum over="n" />
      <Sum over="k" />
      <Sup
        of={
          <Brackets>
            <Sub of="p" to="n,k" />
            <mo>−</mo>
            <Sub of="y" to="n,k" />
          </Brackets>
        }
        to="2"
      />
    </mrow>
  ),
  sgd: () => (
    <Lines
      of={[
        <>
          <Row of="v←μv+" />
          <Gradient />
        </>,
        <Row of="θ←θ−αv" />,
      ]}
    />
  ),
  adam: () => (
    <Lines
      of={[
        <Moment of="m" decay="1" gradient={<Row of="g" />} />,
        <Moment of="v" decay="2" gradient={<Sup of="g" to="2" />} />,
        <>
          <Row of="θ←θ−α" />
          <AdamStep />
        </>,
      ]}
    />
  ),
  adamW: () => (
    <Lines
      of={[
        <Moment of="m" decay="1" gradient={<Row of="g" />} />,
        <Moment of="v" decay="2" gradient={<Sup of="g" to="2" />} />,
        <>
          <Row of="θ←θ−α" />
          <Brackets>
            <AdamStep />
            <Row of="+λθ" />
          </Brackets>
        </>,
      ]}
    />
  ),
  weightDecay: () => (
    <mrow>
      <Sub of="L" to="λ" />
      <Row of="=L+" />
      <Frac top="λ" bottom="2" />
      <Sum over="i" />
      <msubsup>
        <mi>θ</mi>
        <mi>i</mi>
        <mn>2</mn>
      </msubsup>
    </mrow>
  ),
  learningRate: () => (
    <mrow>
      <Row of="θ←θ−α" />
      <Gradient />
    </mrow>
  ),
  schedule: () => (
    <mrow>
      <Sub of="α" to="t" />
      <mo>=</mo>
      <Frac top="α" bottom="2" />
      <Brackets>
        <Row of="1+" />
        <mi>cos</mi>
        <Frac top="πt" bottom="T" />
      </Brackets>
    </mrow>
  ),
  batchSize: () => (
    <mrow>
      <Row of="g=" />
      <Frac top="1" bottom="B" />
      <munderover>
        <mo>∑</mo>
        <Row of="n=1" />
        <mi>B</mi>
      </munderover>
      <Gradient of={<Sub of="L" to="n" />} />
    </mrow>
  ),
  epoch: () => (
    <mrow>
      <Row of="T=E" />
      <Brackets open="⌈" close="⌉">
        <Frac top="N" bottom="B" />
      </Brackets>
    </mrow>
  ),
  augmentation: () => (
    <mrow>
      <Row of="x′(r)=x(Ar+t+d(r))" />
    </mrow>
  ),
} satisfies Record<string, () => JSX.Element>;

/** The gradient of the loss by the parameters. */
function Gradient({ of = <mi>L</mi> }: { of?: JSX.Element }) {
  return (
    <mrow>
      <Sub of="∇" to="θ" />
      {of}
    </mrow>
  );
}

const Beta = ({ decay }: { decay: string }) => <Sub of="β" to={decay} />;

/** A running mean of the gradient, or of its square. */
function Moment({ of, decay, gradient }: { of: string; decay: string; gradient: JSX.Element }) {
  return (
    <mrow>
      <Row of={`${of}←`} />
      <Beta decay={decay} />
      <Row of={`${of}+(1−`} />
      <Beta decay={decay} />
      <Row of=")" />
      {gradient}
    </mrow>
  );
}

function AdamStep() {
  return (
    <mfrac>
      <Corrected of="m" decay="1" />
      <mrow>
        <msqrt>
          <Corrected of="v" decay="2" />
        </msqrt>
        <Row of="+ε" />
      </mrow>
    </mfrac>
  );
}

/** A moment, corrected for having begun at zero. */
function Corrected({ of, decay }: { of: string; decay: string }) {
  return (
    <mrow>
      <Row of={`${of}/(1−`} />
      <msubsup>
        <mi>β</mi>
        <mn>{decay}</mn>
        <mi>t</mi>
      </msubsup>
      <Row of=")" />
    </mrow>
  );
}
