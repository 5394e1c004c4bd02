package dev.behalf.web.site.mail;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes what the link of a mail opens, at the moment at which the mail is sent. */
public interface MailLinkSource {

  /** Returns a new token, valid for the life of the kind of mail. */
  String issue(MailKind kind, @Nullable UUID userId, String address);
}
