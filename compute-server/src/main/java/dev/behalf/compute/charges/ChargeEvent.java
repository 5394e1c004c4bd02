package dev.behalf.compute.charges;

import dev.behalf.contract.Environment;
import java.util.UUID;

/** What operators have to know of a held charge, for meters and logs. */
public sealed interface ChargeEvent {

  /** A server was lost with work for which units were held; they are held no longer. */
  record HoldLapsed(Environment environment, String operation, UUID jobId) implements ChargeEvent {}

  /** An engine reported more units than were held. Only what was held is charged. */
  record ReportedAboveHold(
      Environment environment, String operation, UUID jobId, long held, long reported)
      implements ChargeEvent {}
}
