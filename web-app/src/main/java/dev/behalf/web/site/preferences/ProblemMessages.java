package dev.behalf.web.site.preferences;

import dev.behalf.server.problem.Problem;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.support.DefaultMessageSourceResolvable;
import org.springframework.stereotype.Component;

/**
 * The messages that pages show for problems: the bundles' message for the problem's code and field,
 * or for its code; without one, the API's detail.
 */
@Component
public class ProblemMessages {

  private final MessageSource messages;

  ProblemMessages(MessageSource messages) {
    this.messages = messages;
  }

  public String of(Problem problem) {
    var words = problem.words();
    if (words != null) {
      return messages.getMessage(
          words.key(), words.values().toArray(), LocaleContextHolder.getLocale());
    }
    var ofCode = "fault." + problem.code().wire();
    return messages.getMessage(
        new DefaultMessageSourceResolvable(
            new String[] {ofCode + "." + problem.field(), ofCode}, problem.detail()),
        LocaleContextHolder.getLocale());
  }

  /** Returns the message by form field; {@code form} if the problem names no field. */
  public Map<String, String> byField(Problem problem) {
    return Map.of(Objects.requireNonNullElse(problem.field(), "form"), of(problem));
  }
}
