// What a developer has to write to bring an official SDK into a page or an app, with the server's own addresses.
import type { Server } from "./calls.ts";

export const platforms = ["web", "ios", "android", "reactNative", "flutter"] as const;
export type Platform = (typeof platforms)[number];

/** A step: a line about it has the key `welcome.step.<name>`, and something to copy. */
export interface Step {
  name: "install" | "begin" | "socket" | "policy";
  /** Where it goes: a shell, or a file. */
  where: string;
  code: string;
}

/** The steps for a platform. */
export function steps(platform: Platform, key: string, { urls }: Pick<Server, "urls">): Step[] {
  const install = (where: string, code: string): Step => ({ name: "install", where, code });
  const begin = (where: string, ...lines: string[]): Step => ({ name: "begin", where, code: lines.join("\n") });
  const js = (setter: string, address: string) => `Gleap.${setter}("${address}");`;
  // Web views of apps open the messenger under a path of its own.
  const frame = `${urls.messenger}/appnew`;
  switch (platform) {
    case "web":
      return [
        install("npm", "npm install gleap@16"),
        begin(
          "main.js",
          'import Gleap from "gleap";',
          "",
          js("setApiUrl", urls.api),
          js("setWSApiUrl", urls.socket),
          js("setFrameUrl", urls.messenger),
          js("setBannerUrl", urls.banner),
          js("setModalUrl", urls.modal),
          js("initialize", key),
        ),
        {
          name: "policy",
          where: "Content-Security-Policy",
          code: `connect-src ${urls.api} ${origin(urls.socket)} ${urls.messenger}; frame-src ${urls.messenger} ${origin(urls.banner)}`,
        },
      ];
    case "ios":
      return [
        install("Podfile", "pod 'Gleap'"),
        begin(
          "AppDelegate.swift",
          "import Gleap",
          "",
          `Gleap.setApiUrl("${urls.api}")`,
          `Gleap.setWSApiUrl("${urls.socket}")`,
          `Gleap.setFrameUrl("${frame}")`,
          `Gleap.initialize(withToken: "${key}")`,
        ),
      ];
    case "android":
      return [
        install("build.gradle.kts", 'implementation("io.gleap:gleap-android-sdk:15.3.1")'),
        begin(
          "App.kt",
          "import io.gleap.Gleap",
          "",
          "class App : Application() {",
          "    override fun onCreate() {",
          "        super.onCreate()",
          "        val gleap = Gleap.getInstance()",
          `        gleap.setApiUrl("${urls.api}")`,
          `        gleap.setWSApiUrl("${urls.socket}")`,
          `        gleap.setFrameUrl("${frame}")`,
          `        Gleap.initialize("${key}", this)`,
          "    }",
          "}",
        ),
      ];
    case "reactNative":
      return [
        install("npm", "npm install react-native-gleapsdk"),
        begin("App.tsx", 'import Gleap from "react-native-gleapsdk";', "", js("setApiUrl", urls.api), js("setFrameUrl", frame), js("initialize", key)),
        native(urls.socket),
      ];
    case "flutter":
      return [
        install("flutter", "flutter pub add gleap_sdk"),
        begin(
          "main.dart",
          "import 'package:gleap_sdk/gleap_sdk.dart';",
          "",
          `await Gleap.setApiUrl(url: '${urls.api}');`,
          `await Gleap.setFrameUrl(url: '${frame}');`,
          `await Gleap.initialize(token: '${key}');`,
        ),
        native(urls.socket),
      ];
  }
}

/** Plugins up to version 17 cannot set the socket's address: the app's native part does. */
function native(socket: string): Step {
  return {
    name: "socket",
    where: "AppDelegate.swift, MainApplication.kt",
    code: [`Gleap.setWSApiUrl("${socket}")                  // iOS`, `Gleap.getInstance().setWSApiUrl("${socket}")    // Android`].join("\n"),
  };
}

function origin(address: string): string {
  return new URL(address).origin === "null" ? address.replace(/^(\w+:\/\/[^/]+).*$/, "$1") : new URL(address).origin;
}
