package dev.behalf.web.site.mail;

import java.util.UUID;

/** An event of mails, for metrics and logs. It contains neither an address nor a text. */
public sealed interface MailEvent {

  /** A mail was stored; it goes out after the commit. */
  record Stored(MailKind kind) implements MailEvent {}

  record Sent(UUID id, MailKind kind) implements MailEvent {}

  /** There is no mail server: an operator can read the mail. */
  record Shown(UUID id, MailKind kind) implements MailEvent {}

  record AttemptFailed(UUID id, MailKind kind, String reason) implements MailEvent {}

  /** Mails could not be leased, or an attempt could not be recorded. */
  record Disturbed(String reason) implements MailEvent {}

  /** The mail is not tried any more. */
  record GivenUp(UUID id, MailKind kind) implements MailEvent {}
}
