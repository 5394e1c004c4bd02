package dev.behalf.web.site.mail;

import dev.behalf.web.site.pages.Site;
import jakarta.mail.internet.InternetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.mail.MailException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;

/** The mail server of this installation, if {@code spring.mail.host} names one. */
@Component
public class MailServer {

  private final @Nullable JavaMailSender sender;
  private final String from;
  private final String site;

  MailServer(
      ObjectProvider<JavaMailSender> sender, @Value("${behalf.mail.from}") String from, Site site) {
    this.sender = sender.getIfAvailable();
    this.from = from;
    this.site = site.ownAddress();
    if (this.sender != null && (from.isEmpty() || !site.isPublic())) {
      throw new IllegalStateException(
          "With a mail server (spring.mail.host), set behalf.mail.from, the sender of mails, and"
              + " behalf.public-url, where their links lead: not a request's Host header, which"
              + " anyone can make up.");
    }
  }

  public boolean isConfigured() {
    return sender != null;
  }

  /** Returns the address of the site, for links. */
  String site() {
    return site;
  }

  /**
   * Hands a mail to the server.
   *
   * @throws MailException if the server does not take it
   */
  void send(String address, MailText.Rendered mail) {
    if (sender == null) {
      throw new IllegalStateException("No mail server is configured.");
    }
    sender.send(
        message -> {
          var helper = new MimeMessageHelper(message, StandardCharsets.UTF_8.name());
          helper.setFrom(from);
          // As it is: parsed, a part of it could count as a name or a comment.
          var to = new InternetAddress();
          to.setAddress(address);
          helper.setTo(to);
          helper.setSubject(mail.subject());
          helper.setText(mail.body());
          // RFC 3834: nobody's holiday note answers it.
          message.setHeader("Auto-Submitted", "auto-generated");
        });
  }
}
