package dev.behalf.web.site.preferences;

import dev.behalf.server.problem.Problem;
import java.util.Map;
import java.util.Objects;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.support.DefaultMessageSourceResolvable;
import org.springframework.stereotype.Component;

/**
 * What a page says about a problem: the sentence of the bundles for its code and field, or for its
 * code; where they have none, the one of the API.
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

  /** By the field beside which a form shows it; without one, as {@code form}. */
  public Map<String, String> byField(Problem problem) {
    return Map.of(Objects.requireNonNullElse(problem.field(), "form"), of(problem));
  }
}
