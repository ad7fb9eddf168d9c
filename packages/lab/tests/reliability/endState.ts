import { additions, type Inventory, type LiveObject } from "./inventory";
import type { StackState } from "./stackState";

/** Where a command has led: the stack's state, and what lives in the tenant beyond what was there at first. */
export interface EndState {
  readonly state: StackState;
  readonly live: Inventory;
}

/** How a place differs from the one that a command leads to when nothing disturbs it. */
export interface EndStateDifference {
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[];
  /** What lives in the tenant and is nobody's: neither in the stack's state nor left by an undisturbed run. */
  readonly leftovers: readonly LiveObject[];
}

/** Compares where a disturbed command has led with where an undisturbed one does. */
export function difference(actual: EndState, expected: EndState): EndStateDifference {
  return {
    problems: [...stateProblems(actual, expected), ...liveProblems(actual, expected)],
    leftovers: leftovers(actual, expected),
  };
}

/** Where a sandbox is, beyond what was there at first. */
export function endStateOf(state: StackState, inventory: Inventory, seeded: Inventory): EndState {
  return { state, live: additions(inventory, seeded) };
}

function stateProblems({ state }: EndState, expected: EndState): string[] {
  const there = new Set(state.resources.map(({ urn }) => urn));
  const wanted = new Set(expected.state.resources.map(({ urn }) => urn));
  return [
    ...state.pending.map((operation) => `the engine does not know how this ended: ${operation}`),
    ...expected.state.resources
      .filter(({ urn }) => !there.has(urn))
      .map(({ what }) => `${what} is not in the state`),
    ...state.resources
      .filter(({ urn, isPendingDeletion }) => !wanted.has(urn) || isPendingDeletion)
      .map(({ what }) => `${what} is in the state, and should not be`),
    ...state.resources
      .filter(({ isIncomplete }) => isIncomplete)
      .map(({ what }) => `${what} counts as half created`),
  ];
}

function liveProblems({ state, live }: EndState, expected: EndState): string[] {
  const contents = new Map(
    expected.state.resources.map(({ urn, id }) => [urn, expected.live.get(id)?.content] as const),
  );
  const managed = new Set(state.resources.map(({ id }) => id));
  return [
    ...state.resources.flatMap(({ urn, what, id }) => {
      const object = live.get(id);
      if (object === undefined) return [`${what} is in the state, but not in the tenant`];
      return object.content === contents.get(urn) ? [] : [`${what} is not as declared in the tenant`];
    }),
    ...[...live.values()].flatMap(({ id: ownId, what, holds }) =>
      holds === undefined ||
      !managed.has(ownId) ||
      [...managed].some((id) => id.endsWith(`/password/${holds}`))
        ? []
        : [`the ${what} does not hold a secret of the stack`],
    ),
  ];
}

function leftovers({ state, live }: EndState, expected: EndState): LiveObject[] {
  const managed = new Set(state.resources.map(({ id }) => id));
  const managedByExpected = new Set(expected.state.resources.map(({ id }) => id));
  const unmanaged = [...expected.live.values()]
    .filter(({ id }) => !managedByExpected.has(id))
    .map(({ content }) => content);
  return [...live.values()].filter(({ id, content }) => {
    if (managed.has(id)) return false;
    const found = unmanaged.indexOf(content);
    if (found < 0) return true;
    unmanaged.splice(found, 1);
    return false;
  });
}
