// What the description says about a call, as types: its paths, parameters, bodies and answers.
import type { components, paths } from "./schema";

/** The kinds of documents and inputs, by their names in the description. */
export type Schemas = components["schemas"];

export type Method = "get" | "post" | "put" | "delete";

/** The paths that take a method. */
export type Path<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, unknown> ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends Path<M>> = paths[P] extends Record<M, infer O> ? O : never;

/** What a call sends as JSON; `undefined` when it sends nothing. */
export type Body<M extends Method, P extends Path<M>> =
  Operation<M, P> extends { requestBody: { content: { "application/json": infer B } } }
    ? B
    : Operation<M, P> extends { requestBody?: { content: { "application/json": infer B } } }
      ? B | undefined
      : undefined;

/** What a call answers: JSON where it does, and text elsewhere. */
export type Data<M extends Method, P extends Path<M>> =
  Operation<M, P> extends { responses: infer R } ? Content<R[keyof R]> : never;

type Content<R> = R extends { content: infer C }
  ? C extends { "application/json": infer J }
    ? J
    : C extends Record<string, unknown>
      ? string
      : undefined
  : undefined;

/** The names in braces of a path. */
type Names<P> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** The values for a path's names; asked for only where there are any. */
export type PathValues<P> = [Names<P>] extends [never] ? { path?: never } : { path: Record<Names<P>, string> };
