import type { Course } from "../course.ts";
import { cleanUpFailed, DrillError } from "../errors.ts";
import { messageOf } from "../message.ts";
import type { World } from "../world.ts";

/** Removes the machines. What goes wrong has its own verdict, and hides nothing that went wrong before. */
export async function removeMachines(world: World, course: Course): Promise<void> {
  const dispose = async (): Promise<void> => {
    try {
      await world[Symbol.asyncDispose]();
    } catch (error) {
      throw cleanUpFailed(messageOf(error));
    }
  };
  try {
    await course.phase("remove the machines", dispose);
  } catch (error) {
    if (!(error instanceof DrillError)) throw error;
  }
}
