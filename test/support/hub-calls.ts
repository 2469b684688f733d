import type { Value } from "../../fixtures/koji/wire/value.ts";
import { writeCall } from "../../fixtures/koji/wire/write.ts";
import type { HubTalk, Request, Response } from "../fixtures/koji/conformance/client.ts";
import { readAnswer, type Typed } from "../fixtures/koji/conformance/typed.ts";

/** A call as a request: of nobody, or of a session that is opened with a user's certificate when it is first needed. */
export function callOf(
  method: string,
  params: readonly Value[] = [],
  { as, session = as, exclusive = false }: { as?: string; session?: string | undefined; exclusive?: boolean } = {},
): Request {
  const body = Buffer.from(writeCall(method, params)).toString("base64");
  if (as === undefined || session === undefined) return { path: "/kojihub", headers: xml, body };
  return {
    path: "/kojihub",
    headers: { ...xml, ...headersOf(session) },
    needs: { [session]: { user: as, exclusive } },
    body,
  };
}

export const xml = { "Content-Type": "text/xml" } as const;

/** Headers of a call of a session that is open. Sessions go by numbers. */
export function headersOf(session: string): Readonly<Record<string, string>> {
  return { "Koji-Session-Id": `{id:${session}}`, "Koji-Session-Key": `{key:${session}}` };
}

/** What an answer comes to: its value, or `1002 the fault's text`, or its status and text. */
export function gist(response: Response | undefined): Typed {
  if (response === undefined) return "no answer";
  if (response.error !== undefined) return `refused: ${response.error}`;
  if (response.status !== 200) return `${response.status} ${response.text.trim()}`;
  const answer = readAnswer(response.text);
  return "fault" in answer ? `${answer.fault.code} ${answer.fault.text}` : answer.value;
}

/** Sends one request, and gives what its answer comes to. */
export async function ask(talk: HubTalk, request: Request): Promise<Typed> {
  const [response] = await talk.send([request]);
  return gist(response);
}
