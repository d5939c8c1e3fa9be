// The client of our own API: typed calls, errors with the server's sentence, and what happens live.
// README.md beside this folder says how to use it.
export { createClient, type Answer, type Client, type ClientOptions, type Query } from "./client";
export { ApiError, type ApiErrorKind } from "./error";
export { openLive, type Change, type Live, type LiveOptions, type LiveState, type Position } from "./live";
export type { Followed, FollowHandlers, Member, Place, PlaceHandlers } from "./channels";
export type { Body, Data, Path, Schemas } from "./types";
