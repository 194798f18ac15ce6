import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { chooseLang, explain, lang, strings } from "./i18n";
import { DrawPage } from "./pages/draw/draw-page";
import { address, route } from "./router";
import { toast } from "./store/toasts";
import { DropAnywhere } from "./ui/drop-anywhere";
import { MakeNav, TryNav } from "./ui/nav";
import { Strip } from "./ui/strip";
import { tabTitle } from "./ui/tab-title";
import { Toaster } from "./ui/toaster";

export function App() {
  useSignalEffect(() => {
    document.title = tabTitle.value;
  });
  return (
    <>
      <button type="button" class="button skip" onClick={() => document.getElementById("main")?.focus()}>
        {strings.value.skip}
      </button>
      <header class="top">
        <a class="brand" href={address("draw")}>
          <img src="./hearth.svg" alt="" width="22" height="22" />
          <span>Hearth</span>
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
      {current === "draw" && <DrawPage />}
      {current === "photos" && <Later key="photos" load={photosPage} />}
      {current === "camera" && <Later key="camera" load={cameraPage} />}
      {current === "data" && <Later key="data" load={dataPage} />}
      {current === "train" && <Later key="train" load={trainPage} />}
      {current === "layers" && <Later key="layers" load={layersPage} />}
      {current === "model" && <Later key="model" load={modelPage} />}
      {current === "test" && <Later key="test" load={testPage} />}
      {current === "unknown" && <Later key="unknown" load={unknownPage} />}
    </main>
  );
}

type LoadPage = () => Promise<ComponentType>;

const photosPage = once(() => import("./pages/photos/photos-page").then(({ PhotosPage }) => PhotosPage));
const cameraPage = once(() => import("./pages/camera/camera-page").then(({ CameraPage }) => CameraPage));
const dataPage = once(() => import("./pages/data/data-page").then(({ DataPage }) => DataPage));
const trainPage = once(() => import("./pages/train/train-page").then(({ TrainPage }) => TrainPage));
const layersPage = once(() => import("./pages/layers/layers-page").then(({ LayersPage }) => LayersPage));
const modelPage = once(() => import("./pages/model/model-page").then(({ ModelPage }) => ModelPage));
const testPage = once(() => import("./pages/test/test-page").then(({ TestPage }) => TestPage));
const unknownPage = once(() => import("./pages/unknown/unknown-page").then(({ UnknownPage }) => UnknownPage));

function once(load: LoadPage): LoadPage {
  let loading: Promise<ComponentType> | undefined;
  return () => {
    loading ??= load().catch((error) => {
      // Tried again when it is next opened.
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/** A page that is fetched when first opened: its curves, formulas and tables are not needed to draw a digit. */
function Later({ load }: { load: LoadPage }) {
  const Page = useSignal<ComponentType | null>(null);
  useEffect(() => {
    let left = false;
    load()
      .then((component) => {
        if (!left) Page.value = component;
      })
      .catch((error) => {
        if (!left) toast("error", explain(error));
      });
    return () => {
      left = true;
    };
  }, [Page, load]);
  const Shown = Page.value;
  return Shown ? <Shown /> : <p class="muted">{strings.value.train.states.preparing}</p>;
}
