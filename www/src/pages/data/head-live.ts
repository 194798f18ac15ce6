/** While the camera is on, what it sees is answered again and again. */
import { useEffect } from "preact/hooks";
import { liveHead, tryPicture } from "../../store/own/head";
import { frame, viewing } from "./camera";

/** Frames a second that are looked at: what is not answered in time is left out. */
const PER_SECOND = 12;

export function useLiveFrames(): void {
  const on = viewing.value === "on" && liveHead.value !== null;
  useEffect(() => {
    if (!on) return;
    let busy = false;
    let over = false;
    const look = async () => {
      if (busy || document.hidden) return;
      busy = true;
      const bitmap = await frame();
      busy = false;
      if (!bitmap) return;
      if (over) bitmap.close();
      else tryPicture(bitmap, "camera");
    };
    const timer = setInterval(() => void look(), 1000 / PER_SECOND);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [on]);
}
