// The way to the SDK around the messenger: a page's frame, or the web view of an Android or iOS app.
import { envelope, read, type Beside, type Fields, type Incoming, type Outgoing, type OutgoingName } from "./protocol";

/** What the apps of the two systems put into the page's `window`. */
interface NativeWindow {
  GleapJSBridge?: { gleapCallback(message: string): void };
  webkit?: { messageHandlers?: { gleapCallback?: { postMessage(message: unknown): void } } };
  sendMessage?: (message: unknown) => void;
}

/** Where messages go to and come from. */
export interface Transport {
  /** Whether the messenger runs in an app and not in a page. */
  readonly isNative: boolean;
  send(message: Fields): void;
  listen(hear: (message: unknown) => void): void;
}

/** The transport of the window that the messenger runs in. */
export function transport(host: Window = window): Transport {
  const native = host as unknown as NativeWindow;
  const ios = native.webkit?.messageHandlers?.gleapCallback;
  const isNative = native.GleapJSBridge !== undefined || ios !== undefined;
  return {
    isNative,
    send(message) {
      if (native.GleapJSBridge) native.GleapJSBridge.gleapCallback(JSON.stringify(message));
      else if (ios) ios.postMessage(message);
      // The page around may be of any origin and learns nothing from this that its SDK does not know.
      else if (host.parent !== host) host.parent.postMessage(JSON.stringify(message), "*");
    },
    listen(hear) {
      // Apps call this function; it has to be there before they are greeted.
      native.sendMessage = hear;
      host.addEventListener("message", (event) => {
        if (!isNative && event.source === host.parent && host.parent !== host) hear(event.data);
      });
    },
  };
}

/** Talks to the SDK. */
export class Bridge {
  private greeted = false;

  constructor(private readonly way: Transport = transport()) {}

  get isNative(): boolean {
    return this.way.isNative;
  }

  /** Hands every message that is understood to `hear`, and greets the SDK. */
  start(hear: (message: Incoming) => void): void {
    if (this.greeted) return;
    this.greeted = true;
    this.way.listen((message) => {
      const known = read(message);
      if (known) hear(known);
    });
    // A second greeting would open a closed widget.
    this.send("ping");
  }

  send<N extends OutgoingName>(name: N, data?: Outgoing[N], beside?: Beside): void {
    this.way.send(envelope(name, data, beside));
  }
}
