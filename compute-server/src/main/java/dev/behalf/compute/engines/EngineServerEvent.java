package dev.behalf.compute.engines;

import java.time.Instant;

/** A change in the health of an engine server, for meters and logs. */
public sealed interface EngineServerEvent {

  /** The circuit has opened: no call is made until the time given. */
  record Opened(String server, Instant until, String reason) implements EngineServerEvent {}

  /** The server answers again. */
  record Closed(String server) implements EngineServerEvent {}
}
