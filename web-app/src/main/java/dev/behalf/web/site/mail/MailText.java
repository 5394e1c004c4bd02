package dev.behalf.web.site.mail;

import java.util.ArrayList;
import java.util.List;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/** Writes mails as plain text, in the language of their reader. */
@Component
class MailText {

  private final MessageSource messages;

  MailText(MessageSource messages) {
    this.messages = messages;
  }

  record Rendered(String subject, String body) {}

  /**
   * Returns the text of a mail.
   *
   * @param site address of the site, the text's first argument
   * @param link its link, the second argument; empty for none
   */
  Rendered render(Mail mail, String site, String link) {
    var arguments = new ArrayList<Object>(List.of(site, link));
    // On one line each, so that no detail looks like a part of the mail.
    mail.details().forEach(detail -> arguments.add(detail.replaceAll("\\p{Cntrl}+", " ")));
    return new Rendered(
        text(mail, "subject", arguments),
        text(mail, "text", arguments) + "\n\n--\nBehalf · " + site + "\n");
  }

  private String text(Mail mail, String part, List<Object> arguments) {
    return messages.getMessage(
        "mail." + mail.kind().wire() + "." + part, arguments.toArray(), mail.locale());
  }
}
