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
  // Web views of apps open the messenger under a path of its own.
  const frame = `${urls.messenger}/appnew`;
  switch (platform) {
    case "web":
      return [
        { name: "install", where: "npm", code: "npm install gleap@16" },
        {
          name: "begin",
          where: "main.js",
          code: [
            'import Gleap from "gleap";',
            "",
            `Gleap.setApiUrl("${urls.api}");`,
            `Gleap.setWSApiUrl("${urls.socket}");`,
            `Gleap.setFrameUrl("${urls.messenger}");`,
            `Gleap.setBannerUrl("${urls.banner}");`,
            `Gleap.setModalUrl("${urls.modal}");`,
            `Gleap.initialize("${key}");`,
          ].join("\n"),
        },
        {
          name: "policy",
          where: "Content-Security-Policy",
          code: `connect-src ${urls.api} ${origin(urls.socket)} ${urls.messenger}; frame-src ${urls.messenger} ${origin(urls.banner)}`,
        },
      ];
    case "ios":
      return [
        { name: "install", where: "Podfile", code: "pod 'Gleap'" },
        {
          name: "begin",
          where: "AppDelegate.swift",
          code: [
            "import Gleap",
            "",
            `Gleap.setApiUrl("${urls.api}")`,
            `Gleap.setWSApiUrl("${urls.socket}")`,
            `Gleap.setFrameUrl("${frame}")`,
            `Gleap.initialize(withToken: "${key}")`,
          ].join("\n"),
        },
      ];
    case "android":
      return [
        { name: "install", where: "build.gradle.kts", code: 'implementation("io.gleap:gleap-android-sdk:15.3.1")' },
        {
          name: "begin",
          where: "App.kt",
          code: [
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
          ].join("\n"),
        },
      ];
    case "reactNative":
      return [
        { name: "install", where: "npm", code: "npm install react-native-gleapsdk" },
        {
          name: "begin",
          where: "App.tsx",
          code: [
            'import Gleap from "react-native-gleapsdk";',
            "",
            `Gleap.setApiUrl("${urls.api}");`,
            `Gleap.setFrameUrl("${frame}");`,
            `Gleap.initialize("${key}");`,
          ].join("\n"),
        },
        native(urls.socket),
      ];
    case "flutter":
      return [
        { name: "install", where: "flutter", code: "flutter pub add gleap_sdk" },
        {
          name: "begin",
          where: "main.dart",
          code: [
            "import 'package:gleap_sdk/gleap_sdk.dart';",
            "",
            `await Gleap.setApiUrl(url: '${urls.api}');`,
            `await Gleap.setFrameUrl(url: '${frame}');`,
            `await Gleap.initialize(token: '${key}');`,
          ].join("\n"),
        },
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
