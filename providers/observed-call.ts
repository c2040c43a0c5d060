/** Tells who counts requests to backends how each one ended. */
import type { StoreContext } from "./contract.ts";

/** Hears of each request; unset where nobody counts. */
export type ObserveCall = StoreContext["observeCall"];

/** What `send` gives; a repetition is a request of its own, an answer that is an error counts as one. */
export async function observed<T>(
  observe: ObserveCall,
  request: { readonly provider: string; readonly call: string },
  send: () => Promise<T>,
): Promise<T> {
  if (observe === undefined) return send();
  const { provider, call } = request;
  try {
    const answer = await send();
    observe({ provider, call, status: "success" });
    return answer;
  } catch (error) {
    observe({ provider, call, status: "error" });
    throw error;
  }
}
