package dev.behalf.engine;

import tools.jackson.databind.node.ObjectNode;

/** What an engine that streams says before its end. */
public sealed interface EngineEvent {

  /**
   * How far the work is.
   *
   * @param body {@code fraction} from 0 to 1, {@code message}, or both
   */
  record Progress(ObjectNode body) implements EngineEvent {}

  /**
   * A part of the answer.
   *
   * @param body {@code delta}, a text
   */
  record Output(ObjectNode body) implements EngineEvent {}

  /**
   * A line for the owner of the job.
   *
   * @param body {@code message}, a text
   */
  record Log(ObjectNode body) implements EngineEvent {}

  /** What the work has cost so far, in units. */
  record Usage(long units) implements EngineEvent {}
}
