import { additions, type Inventory, type LiveObject } from "./inventory";
import type { StackState } from "./stackState";

/** Where a command has led: the stack's state, and what lives in the tenant beyond what was there at first. */
export interface Place {
  readonly state: StackState;
  readonly live: Inventory;
}

/** How a place differs from the one that a command leads to when nothing disturbs it. */
export interface Deviation {
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[];
  /** What lives in the tenant and is nobody's: neither in the stack's state nor left by an undisturbed run. */
  readonly leftovers: readonly LiveObject[];
}

/** Compares where a disturbed command has led with where an undisturbed one does. */
export function deviation(place: Place, goal: Place): Deviation {
  return {
    problems: [...stateProblems(place, goal), ...liveProblems(place, goal)],
    leftovers: leftovers(place, goal),
  };
}

/** The place of a trial. */
export function placeOf(state: StackState, inventory: Inventory, seeded: Inventory): Place {
  return { state, live: additions(inventory, seeded) };
}

function stateProblems({ state }: Place, goal: Place): string[] {
  const there = new Set(state.resources.map(({ urn }) => urn));
  const wanted = new Set(goal.state.resources.map(({ urn }) => urn));
  return [
    ...state.pending.map((operation) => `the engine does not know how this ended: ${operation}`),
    ...goal.state.resources
      .filter(({ urn }) => !there.has(urn))
      .map(({ what }) => `${what} is not in the state`),
    ...state.resources
      .filter(({ urn, isDoomed }) => !wanted.has(urn) || isDoomed)
      .map(({ what }) => `${what} is in the state, and should not be`),
    ...state.resources
      .filter(({ isIncomplete }) => isIncomplete)
      .map(({ what }) => `${what} counts as half created`),
  ];
}

function liveProblems({ state, live }: Place, goal: Place): string[] {
  const shapes = new Map(goal.state.resources.map(({ urn, id }) => [urn, goal.live.get(id)?.shape] as const));
  const managed = new Set(state.resources.map(({ id }) => id));
  return [
    ...state.resources.flatMap(({ urn, what, id }) => {
      const object = live.get(id);
      if (object === undefined) return [`${what} is in the state, but not in the tenant`];
      return object.shape === shapes.get(urn) ? [] : [`${what} is not as declared in the tenant`];
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

function leftovers({ state, live }: Place, goal: Place): LiveObject[] {
  const managed = new Set(state.resources.map(({ id }) => id));
  const managedByGoal = new Set(goal.state.resources.map(({ id }) => id));
  const expected = [...goal.live.values()]
    .filter(({ id }) => !managedByGoal.has(id))
    .map(({ shape }) => shape);
  return [...live.values()].filter(({ id, shape }) => {
    if (managed.has(id)) return false;
    const found = expected.indexOf(shape);
    if (found < 0) return true;
    expected.splice(found, 1);
    return false;
  });
}
