import type { JSX } from "preact";
import { Frac, Lines, Row, Sub, Sum, Sup } from "./mathml";

const Word = ({ of }: { of: string }) => <mi>{of}</mi>;

const Norm = ({ of }: { of: string }) => (
  <mrow>
    <mo>‖</mo>
    <mi>{of}</mi>
    <mo>‖</mo>
  </mrow>
);

/**
 * Models on features, in the notation of Bishop 2006 (logistic regression), Snell et al. 2017 (prototypes), Cover & Hart
 * 1967 (nearest neighbours), Stone 1974 (cross-validation), McInnes et al. 2018 (UMAP), Scheffer et al. 2001 (margin).
 */
export const headFormulas = {
  logisticRegression: () => (
    <Lines
      of={[
        <>
          <Row of="p=" />
          <Word of="softmax" />
          <Row of="(Wx+b)" />
        </>,
        <>
          <Row of="L=−" />
          <Sum over="n" />
          <Word of="log" />
          <Sub
            of="p"
            to={
              <mrow>
                <Row of="n," />
                <Sub of="y" to="n" />
              </mrow>
            }
          />
          <Row of="+λ" />
          <Sup of={<Norm of="W" />} to="2" />
        </>,
      ]}
    />
  ),
  mlpHead: () => (
    <mrow>
      <Row of="p=" />
      <Word of="softmax" />
      <Row of="(" />
      <Sub of="W" to="2" />
      <Word of="max" />
      <Row of="(0," />
      <Sub of="W" to="1" />
      <Row of="x+" />
      <Sub of="b" to="1" />
      <Row of=")+" />
      <Sub of="b" to="2" />
      <Row of=")" />
    </mrow>
  ),
  prototypeHead: () => (
    <Lines
      of={[
        <>
          <Sub of="c" to="k" />
          <mo>=</mo>
          <Frac top="1" bottom={<Sub of="N" to="k" />} />
          <Sum over="n∈k" />
          <Sub of="x" to="n" />
        </>,
        <>
          <Row of="y=" />
          <BestOf over="k" />
          <Word of="cos" />
          <Row of="(x," />
          <Sub of="c" to="k" />
          <Row of=")" />
        </>,
      ]}
    />
  ),
  nearestHead: () => (
    <mrow>
      <Row of="y=" />
      <BestOf over="c" />
      <Sum over="n∈kNN" />
      <Row of="[" />
      <Sub of="y" to="n" />
      <Row of="=c]" />
    </mrow>
  ),
  fineTuning: () => (
    <mrow>
      <Row of="θ=" />
      <Sub of="θ" to="0" />
      <Row of="−α∇L" />
    </mrow>
  ),
  crossValidation: () => (
    <mrow>
      <Row of="A=" />
      <Frac top="1" bottom="N" />
      <Sum over="n" />
      <Row of="[" />
      <Sub of="f" to="∖n" />
      <Row of="(" />
      <Sub of="x" to="n" />
      <Row of=")=" />
      <Sub of="y" to="n" />
      <Row of="]" />
    </mrow>
  ),
  cosineSimilarity: () => (
    <mrow>
      <Word of="cos" />
      <Row of="(x,y)=" />
      <Frac
        top="x·y"
        bottom={
          <mrow>
            <Norm of="x" />
            <Norm of="y" />
          </mrow>
        }
      />
    </mrow>
  ),
  umap: () => (
    <mrow>
      <Row of="L=−" />
      <Sum over="i,j" />
      <Sub of="p" to="i,j" />
      <Word of="log" />
      <Sub of="q" to="i,j" />
      <Row of="+(1−" />
      <Sub of="p" to="i,j" />
      <Row of=")" />
      <Word of="log" />
      <Row of="(1−" />
      <Sub of="q" to="i,j" />
      <Row of=")" />
    </mrow>
  ),
  uncertainFirst: () => (
    <mrow>
      <Row of="m=" />
      <Sub of="p" to="1" />
      <mo>−</mo>
      <Sub of="p" to="2" />
    </mrow>
  ),
} satisfies Record<string, () => JSX.Element>;

function BestOf({ over }: { over: string }) {
  return (
    <munder>
      <mi>arg max</mi>
      <mi>{over}</mi>
    </munder>
  );
}
