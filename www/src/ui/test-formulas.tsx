import type { JSX } from "preact";
import { Frac, Lines, Row, Sub, Sum, Sup } from "./mathml";

/** How a test is judged, in the notation of Wilson 1927, Newcombe 1998 and Elkan 2001 (costs). */
export const testFormulas = {
  precision: () => (
    <mrow>
      <Row of="P=" />
      <Frac top={<Count of="TP" />} bottom={<Counts of={["TP", "FP"]} />} />
    </mrow>
  ),
  recall: () => (
    <mrow>
      <Row of="R=" />
      <Frac top={<Count of="TP" />} bottom={<Counts of={["TP", "FN"]} />} />
    </mrow>
  ),
  f1: () => (
    <mrow>
      <Sub of="F" to="1" />
      <mo>=</mo>
      <Frac top="2PR" bottom="P+R" />
      <mo>=</mo>
      <Frac
        top={
          <mrow>
            <mn>2</mn>
            <Count of="TP" />
          </mrow>
        }
        bottom={
          <mrow>
            <mn>2</mn>
            <Counts of={["TP", "FP", "FN"]} />
          </mrow>
        }
      />
    </mrow>
  ),
  macroAverage: () => (
    <mrow>
      <Row of="M=" />
      <Frac top="1" bottom="K" />
      <Sum over="k" />
      <Sub of="x" to="k" />
    </mrow>
  ),
  weightedAverage: () => (
    <mrow>
      <Row of="M=" />
      <Frac top="1" bottom="N" />
      <Sum over="k" />
      <Sub of="n" to="k" />
      <Sub of="x" to="k" />
    </mrow>
  ),
  zeroDivision: () => (
    <Lines
      of={[
        <>
          <mi>TP</mi>
          <mo>+</mo>
          <mi>FP</mi>
          <Row of="=0⇒P=0" />
        </>,
        <>
          <mi>TP</mi>
          <mo>+</mo>
          <mi>FN</mi>
          <Row of="=0⇒R=0" />
        </>,
      ]}
    />
  ),
  wilson: () => (
    <Frac
      top={
        <mrow>
          <Row of="p+" />
          <Frac top={<Sup of="z" to="2" />} bottom="2n" />
          <Row of="±z" />
          <msqrt>
            <Frac top="p(1−p)" bottom="n" />
            <mo>+</mo>
            <Frac
              top={<Sup of="z" to="2" />}
              bottom={
                <mrow>
                  <mn>4</mn>
                  <Sup of="n" to="2" />
                </mrow>
              }
            />
          </msqrt>
        </mrow>
      }
      bottom={
        <mrow>
          <Row of="1+" />
          <Frac top={<Sup of="z" to="2" />} bottom="n" />
        </mrow>
      }
    />
  ),
  top5: () => (
    <mrow>
      <Sub of="A" to="5" />
      <mo>=</mo>
      <Frac top="1" bottom="N" />
      <Sum over="n" />
      <mo>[</mo>
      <Sub of="y" to="n" />
      <mo>∈</mo>
      <Sub of="top" to="5" />
      <Row of="(" />
      <Sub of="p" to="n" />
      <Row of=")" />
      <mo>]</mo>
    </mrow>
  ),
  pairedDifference: () => (
    <Lines
      of={[
        <>
          <Row of="d=" />
          <Less left="p1" right="p2" />
          <mo>=</mo>
          <Frac top="b−c" bottom="n" />
        </>,
        <>
          <Row of="d−" />
          <Away first={<Less left="p1" right="l1" />} second={<Less left="u2" right="p2" />} />
        </>,
        <>
          <Row of="d+" />
          <Away first={<Less left="u1" right="p1" />} second={<Less left="p2" right="l2" />} />
        </>,
      ]}
    />
  ),
  expectedCost: () => (
    <mrow>
      <Row of="C=" />
      <Frac top="1" bottom="N" />
      <Sum over="i,j" />
      <Sub of="n" to="i,j" />
      <Sub of="c" to="i,j" />
    </mrow>
  ),
};

/** TP, FP, FN: one count, known by two letters. */
const Count = ({ of }: { of: string }) => <mi mathvariant="normal">{of}</mi>;

const Counts = ({ of }: { of: string[] }) => (
  <mrow>
    {of.map((count, i) => (
      <mrow key={count}>
        {i > 0 && <mo>+</mo>}
        <Count of={count} />
      </mrow>
    ))}
  </mrow>
);

/** Two letters with their numbers: p1 less l1. */
const Less = ({ left, right }: { left: string; right: string }) => (
  <mrow>
    <Sub of={left.charAt(0)} to={left.slice(1)} />
    <mo>−</mo>
    <Sub of={right.charAt(0)} to={right.slice(1)} />
  </mrow>
);

/** How far an end of Newcombe's interval is from the difference. */
function Away({ first, second }: { first: JSX.Element; second: JSX.Element }) {
  const inBrackets = (part: JSX.Element) => (
    <mrow>
      <Row of="(" />
      {part}
      <Row of=")" />
    </mrow>
  );
  return (
    <msqrt>
      <Sup of={inBrackets(first)} to="2" />
      <Row of="−2φ" />
      {inBrackets(first)}
      {inBrackets(second)}
      <mo>+</mo>
      <Sup of={inBrackets(second)} to="2" />
    </msqrt>
  );
}
