import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { chooseLang, lang, strings } from "./i18n";
import { DrawPage } from "./pages/draw/draw-page";
import { address, route } from "./router";
import { DropAnywhere } from "./ui/drop-anywhere";
import { MakeNav, TryNav } from "./ui/nav";
import { Strip } from "./ui/strip";
import { Toaster } from "./ui/toaster";

export function App() {
  useSignalEffect(() => {
    document.title = strings.value.title[route.value];
  });
  return (
    <>
      <button type="button" class="button skip" onClick={() => document.getElementById("main")?.focus()}>
        {strings.value.skip}
      </button>
      <header class="top">
        <a class="brand" href={address("draw")}>
          <img src="./hearth.svg" alt="" width="22" height="22" />
          Hearth
        </a>
        <TryNav />
        <MakeNav />
        <LangSwitch />
      </header>
      <Strip />
      <Main />
      <Toaster />
      <DropAnywhere />
    </>
  );
}

function LangSwitch() {
  const { other } = strings.value;
  return (
    <button
      type="button"
      class="button quiet lang"
      data-testid="lang-switch"
      lang={other.tag}
      title={other.label}
      onClick={() => chooseLang(lang.value === "en" ? "zh" : "en")}
    >
      {other.name}
    </button>
  );
}

function Main() {
  const ref = useRef<HTMLElement>(null);
  const shown = useRef(route.value);
  const current = route.value;
  useEffect(() => {
    if (shown.current === current) return;
    shown.current = current;
    scrollTo(0, 0);
    // A page may have put the focus where its next step is.
    if (!ref.current?.contains(document.activeElement)) ref.current?.focus();
  }, [current]);
  return (
    <main id="main" ref={ref} tabIndex={-1} data-route={current}>
      {current === "draw" ? <DrawPage /> : <TrainRoute />}
    </main>
  );
}

let trainPage: Promise<ComponentType> | undefined;

/** Fetched when first opened: the curves and formulas are not needed to draw a digit. */
function TrainRoute() {
  const Page = useSignal<ComponentType | null>(null);
  useEffect(() => {
    trainPage ??= import("./pages/train/train-page").then(({ TrainPage }) => TrainPage);
    let left = false;
    trainPage.then((component) => {
      if (!left) Page.value = component;
    });
    return () => {
      left = true;
    };
  }, [Page]);
  const Shown = Page.value;
  return Shown ? <Shown /> : <p class="muted">{strings.value.train.states.preparing}</p>;
}
