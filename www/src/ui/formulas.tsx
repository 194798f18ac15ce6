import type { JSX } from "preact";
import type { Strings } from "../i18n";

export type TermId = keyof Strings["terms"];

const Sub = ({ of, to }: { of: string; to: JSX.Element | string }) => (
  <msub>
    <mi>{of}</mi>
    {typeof to === "string" ? <mi>{to}</mi> : to}
  </msub>
);
const Row = ({ of }: { of: string }) => (
  <mrow>{[...of].map((sign, i) => (/[\p{L}]/u.test(sign) ? <mi key={i}>{sign}</mi> : <mo key={i}>{sign}</mo>))}</mrow>
);
const Sum = ({ over }: { over: string }) => (
  <munder>
    <mo>∑</mo>
    <Row of={over} />
  </munder>
);

/** Notation of LeCun et al. 1998, Ioffe & Szegedy 2015, Srivastava et al. 2014 and Kingma & Ba 2015. */
const formulas: Record<TermId, () => JSX.Element> = {
  conv: () => (
    <mrow>
      <Sub of="y" to={<Row of="k,i,j" />} />
      <mo>=</mo>
      <Sub of="b" to="k" />
      <mo>+</mo>
      <Sum over="c" />
      <Sum over="u,v" />
      <Sub of="w" to={<Row of="k,c,u,v" />} />
      <Sub of="x" to={<Row of="c,i+u,j+v" />} />
    </mrow>
  ),
  relu: () => (
    <mrow>
      <mi>y</mi>
      <mo>=</mo>
      <mi>max</mi>
      <mo stretchy={false}>(</mo>
      <mn>0</mn>
      <mo>,</mo>
      <mi>x</mi>
      <mo stretchy={false}>)</mo>
    </mrow>
  ),
  maxPool: () => (
    <mrow>
      <Sub of="y" to={<Row of="c,i,j" />} />
      <mo>=</mo>
      <munder>
        <mi>max</mi>
        <mrow>
          <mn>0</mn>
          <Row of="≤u,v<s" />
        </mrow>
      </munder>
      <Sub of="x" to={<Row of="c,si+u,sj+v" />} />
    </mrow>
  ),
  batchNorm: () => (
    <mrow>
      <mi>y</mi>
      <mo>=</mo>
      <mi>γ</mi>
      <mfrac>
        <Row of="x−μ" />
        <msqrt>
          <msup>
            <mi>σ</mi>
            <mn>2</mn>
          </msup>
          <mo>+</mo>
          <mi>ε</mi>
        </msqrt>
      </mfrac>
      <mo>+</mo>
      <mi>β</mi>
    </mrow>
  ),
  dropout: () => (
    <mrow>
      <mi>y</mi>
      <mo>=</mo>
      <mfrac>
        <Row of="mx" />
        <mrow>
          <mn>1</mn>
          <Row of="−p" />
        </mrow>
      </mfrac>
      <mo>,</mo>
      <mspace width="0.6em" />
      <mi>P</mi>
      <mo stretchy={false}>(</mo>
      <mi>m</mi>
      <mo>=</mo>
      <mn>0</mn>
      <mo stretchy={false}>)</mo>
      <mo>=</mo>
      <mi>p</mi>
    </mrow>
  ),
  flatten: () => (
    <mrow>
      <Row of="c×h×w" />
      <mo>→</mo>
      <Row of="c·h·w" />
    </mrow>
  ),
  dense: () => (
    <mrow>
      <Sub of="y" to="k" />
      <mo>=</mo>
      <Sub of="b" to="k" />
      <mo>+</mo>
      <Sum over="i" />
      <Sub of="x" to="i" />
      <Sub of="w" to={<Row of="i,k" />} />
    </mrow>
  ),
  softmax: () => (
    <mrow>
      <Sub of="p" to="k" />
      <mo>=</mo>
      <mfrac>
        <msup>
          <mi>e</mi>
          <Sub of="z" to="k" />
        </msup>
        <mrow>
          <Sum over="j" />
          <msup>
            <mi>e</mi>
            <Sub of="z" to="j" />
          </msup>
        </mrow>
      </mfrac>
    </mrow>
  ),
  crossEntropy: () => (
    <mrow>
      <mi>L</mi>
      <mo>=</mo>
      <mo>−</mo>
      <mfrac>
        <mn>1</mn>
        <mi>N</mi>
      </mfrac>
      <munderover>
        <mo>∑</mo>
        <mrow>
          <mi>n</mi>
          <mo>=</mo>
          <mn>1</mn>
        </mrow>
        <mi>N</mi>
      </munderover>
      <mi>ln</mi>
      <msub>
        <mi>p</mi>
        <mrow>
          <mi>n</mi>
          <mo>,</mo>
          <Sub of="y" to="n" />
        </mrow>
      </msub>
    </mrow>
  ),
  adam: () => (
    <mtable>
      <AdamLine left="m" decay="1" gradient={<mi>g</mi>} />
      <AdamLine
        left="v"
        decay="2"
        gradient={
          <msup>
            <mi>g</mi>
            <mn>2</mn>
          </msup>
        }
      />
      <mtr>
        <mtd>
          <mrow>
            <mi>θ</mi>
            <mo>←</mo>
            <mi>θ</mi>
            <mo>−</mo>
            <mi>α</mi>
            <mfrac>
              <Corrected of="m" decay="1" />
              <mrow>
                <msqrt>
                  <Corrected of="v" decay="2" />
                </msqrt>
                <mo>+</mo>
                <mi>ε</mi>
              </mrow>
            </mfrac>
          </mrow>
        </mtd>
      </mtr>
    </mtable>
  ),
  accuracy: () => (
    <mrow>
      <mi>A</mi>
      <mo>=</mo>
      <mfrac>
        <mn>1</mn>
        <mi>N</mi>
      </mfrac>
      <Sum over="n" />
      <mo>[</mo>
      <munder>
        <mi>arg max</mi>
        <mi>k</mi>
      </munder>
      <Sub of="p" to={<Row of="n,k" />} />
      <mo>=</mo>
      <Sub of="y" to="n" />
      <mo>]</mo>
    </mrow>
  ),
};

const Beta = ({ decay }: { decay: string }) => (
  <msub>
    <mi>β</mi>
    <mn>{decay}</mn>
  </msub>
);

function AdamLine({ left, decay, gradient }: { left: string; decay: string; gradient: JSX.Element }) {
  return (
    <mtr>
      <mtd>
        <mrow>
          <mi>{left}</mi>
          <mo>←</mo>
          <Beta decay={decay} />
          <mi>{left}</mi>
          <mo>+</mo>
          <mo stretchy={false}>(</mo>
          <mn>1</mn>
          <mo>−</mo>
          <Beta decay={decay} />
          <mo stretchy={false}>)</mo>
          {gradient}
        </mrow>
      </mtd>
    </mtr>
  );
}

/** A moment, corrected for having begun at zero. */
function Corrected({ of, decay }: { of: string; decay: string }) {
  return (
    <mrow>
      <mi>{of}</mi>
      <mo>/</mo>
      <mo stretchy={false}>(</mo>
      <mn>1</mn>
      <mo>−</mo>
      <msubsup>
        <mi>β</mi>
        <mn>{decay}</mn>
        <mi>t</mi>
      </msubsup>
      <mo stretchy={false}>)</mo>
    </mrow>
  );
}

export function Formula({ of }: { of: TermId }) {
  return <math display="block">{formulas[of]()}</math>;
}
