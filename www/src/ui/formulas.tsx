import type { JSX } from "preact";
import type { Strings } from "../i18n";
import { headFormulas } from "./head-formulas";
import { Brackets, Frac, Lines, Row, Sub, Sum, Sup } from "./mathml";
import { noneFormulas } from "./none-formulas";
import { testFormulas } from "./test-formulas";
import { trainingFormulas } from "./training-formulas";

export type TermId = keyof Strings["terms"];

/**
 * Layers and losses, in the notation of LeCun et al. 1998, Nair & Hinton 2010 (ReLU), Maas et al. 2013 (leaky ReLU),
 * Hendrycks & Gimpel 2016 (GELU), Howard et al. 2017 (depthwise convolution), Lin et al. 2013 (global average pooling),
 * Ioffe & Szegedy 2015 and Srivastava et al. 2014.
 */
const formulas: Record<TermId, () => JSX.Element> = {
  ...trainingFormulas,
  ...testFormulas,
  ...headFormulas,
  ...noneFormulas,
  conv: () => (
    <Lines
      of={[
        <>
          <Sub of="y" to="k,i,j" />
          <mo>=</mo>
          <Sub of="b" to="k" />
          <mo>+</mo>
          <Sum over="c,u,v" />
          <Sub of="w" to="k,c,u,v" />
          <Sub of="x" to="c,i′+u,j′+v" />
        </>,
        <CornerOfPatch />,
      ]}
    />
  ),
  depthwise: () => (
    <Lines
      of={[
        <>
          <Sub of="y" to="c,i,j" />
          <mo>=</mo>
          <Sub of="b" to="c" />
          <mo>+</mo>
          <Sum over="u,v" />
          <Sub of="w" to="c,u,v" />
          <Sub of="x" to="c,i′+u,j′+v" />
        </>,
        <CornerOfPatch />,
      ]}
    />
  ),
  relu: () => (
    <mrow>
      <Row of="y=" />
      <mi>max</mi>
      <Row of="(0,x)" />
    </mrow>
  ),
  leakyRelu: () => (
    <mrow>
      <Row of="y=" />
      <mi>max</mi>
      <Row of="(x,ax)," />
      <mspace width="0.6em" />
      <Row of="0≤a<1" />
    </mrow>
  ),
  sigmoid: () => (
    <mrow>
      <Row of="y=" />
      <Frac
        top="1"
        bottom={
          <mrow>
            <Row of="1+" />
            <Sup of="e" to="−x" />
          </mrow>
        }
      />
    </mrow>
  ),
  tanh: () => (
    <mrow>
      <Row of="y=" />
      <mfrac>
        <mrow>
          <Sup of="e" to="x" />
          <mo>−</mo>
          <Sup of="e" to="−x" />
        </mrow>
        <mrow>
          <Sup of="e" to="x" />
          <mo>+</mo>
          <Sup of="e" to="−x" />
        </mrow>
      </mfrac>
    </mrow>
  ),
  gelu: () => (
    <mrow>
      <Row of="y=xΦ(x)=" />
      <Frac top="x" bottom="2" />
      <Brackets>
        <Row of="1+" />
        <mi>erf</mi>
        <mfrac>
          <mi>x</mi>
          <msqrt>
            <mn>2</mn>
          </msqrt>
        </mfrac>
      </Brackets>
    </mrow>
  ),
  maxPool: () => (
    <mrow>
      <Sub of="y" to="c,i,j" />
      <mo>=</mo>
      <munder>
        <mi>max</mi>
        <Row of="0≤u,v<k" />
      </munder>
      <Sub of="x" to="c,si+u,sj+v" />
    </mrow>
  ),
  avgPool: () => (
    <mrow>
      <Sub of="y" to="c,i,j" />
      <mo>=</mo>
      <Frac top="1" bottom={<Sup of="k" to="2" />} />
      <Sum over="0≤u,v<k" />
      <Sub of="x" to="c,si+u,sj+v" />
    </mrow>
  ),
  globalAvgPool: () => (
    <mrow>
      <Sub of="y" to="c" />
      <mo>=</mo>
      <Frac top="1" bottom="hw" />
      <Sum over="i,j" />
      <Sub of="x" to="c,i,j" />
    </mrow>
  ),
  batchNorm: () => (
    <mrow>
      <Row of="y=γ" />
      <mfrac>
        <Row of="x−μ" />
        <msqrt>
          <Sup of="σ" to="2" />
          <Row of="+ε" />
        </msqrt>
      </mfrac>
      <Row of="+β" />
    </mrow>
  ),
  dropout: () => (
    <mrow>
      <Row of="y=" />
      <Frac top="mx" bottom="1−p" />
      <mo>,</mo>
      <mspace width="0.6em" />
      <Row of="P(m=0)=p" />
    </mrow>
  ),
  flatten: () => <Row of="c×h×w→c·h·w" />,
  dense: () => (
    <mrow>
      <Sub of="y" to="k" />
      <mo>=</mo>
      <Sub of="b" to="k" />
      <mo>+</mo>
      <Sum over="i" />
      <Sub of="x" to="i" />
      <Sub of="w" to="i,k" />
    </mrow>
  ),
  softmax: () => (
    <mrow>
      <Sub of="p" to="k" />
      <mo>=</mo>
      <mfrac>
        <Sup of="e" to={<Sub of="z" to="k" />} />
        <mrow>
          <Sum over="j" />
          <Sup of="e" to={<Sub of="z" to="j" />} />
        </mrow>
      </mfrac>
    </mrow>
  ),
  crossEntropy: () => (
    <mrow>
      <Row of="L=−" />
      <Frac top="1" bottom="N" />
      <munderover>
        <mo>∑</mo>
        <Row of="n=1" />
        <mi>N</mi>
      </munderover>
      <mi>ln</mi>
      <Sub
        of="p"
        to={
          <mrow>
            <Row of="n," />
            <Sub of="y" to="n" />
          </mrow>
        }
      />
    </mrow>
  ),
  parameters: () => (
    <Lines
      of={[
        <>
          <Row of="f·(" />
          <Sup of="k" to="2" />
          <Row of="·c+1)" />
        </>,
        <Row of="m·(n+1)" />,
      ]}
    />
  ),
  multiplyAdds: () => (
    <Lines
      of={[
        <>
          <Row of="h·w·f·c·" />
          <Sup of="k" to="2" />
        </>,
        <Row of="m·n" />,
      ]}
    />
  ),
  accuracy: () => (
    <mrow>
      <Row of="A=" />
      <Frac top="1" bottom="N" />
      <Sum over="n" />
      <mo>[</mo>
      <munder>
        <mi>arg max</mi>
        <mi>k</mi>
      </munder>
      <Sub of="p" to="n,k" />
      <mo>=</mo>
      <Sub of="y" to="n" />
      <mo>]</mo>
    </mrow>
  ),
};

/** Where the patch begins that a filter with stride s and padding p looks at. */
function CornerOfPatch() {
  return (
    <mrow>
      <Row of="i′=s·i−p," />
      <mspace width="0.6em" />
      <Row of="j′=s·j−p" />
    </mrow>
  );
}

export function Formula({ of }: { of: TermId }) {
  return <math display="block">{formulas[of]()}</math>;
}
