package dev.behalf.web.work.operations;

/** The result of reading a definition file, for the log. */
public sealed interface OperationEvent {

  /** A definition was applied; if its content is unchanged, its version stays the same. */
  record Applied(String name, int version, String file) implements OperationEvent {}

  /** A file was skipped; an earlier version of its operation stays in use. */
  record Rejected(String file, String reason) implements OperationEvent {}
}
