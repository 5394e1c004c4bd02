package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import dev.behalf.operation.Violation;
import dev.behalf.web.work.operations.InputField;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * The form for a new job, drawn from the definition of the chosen operation.
 *
 * @param choices the operations that the user may run
 * @param operation the name of the chosen one
 * @param fields the fields of its input
 * @param payload what the fields ask for, valid or not
 * @param requestId an id that is new each time the form is drawn
 * @param violations what is wrong with the input; none in a form that was not sent
 */
public record JobForm(
    List<Choice> choices,
    String operation,
    List<InputField> fields,
    JobPayload payload,
    String requestId,
    List<Violation> violations) {

  /**
   * An operation to choose.
   *
   * @param example start of the first text of its first example; empty for none
   */
  public record Choice(String name, String title, String example) {

    /** Returns whether the title says more than the name: "Shout slowly" repeats shout-slowly. */
    public boolean isTitled() {
      return !title.replace('-', ' ').equalsIgnoreCase(name.replace('-', ' '));
    }
  }

  /** Returns the violations that no field shows. */
  public List<Violation> loose() {
    return violations.stream()
        .filter(broken -> leaves().stream().noneMatch(field -> broken.equals(field.fault())))
        .toList();
  }

  /** Returns the fields with a fault. */
  public List<InputField> faulty() {
    return leaves().stream().filter(field -> field.fault() != null).toList();
  }

  private List<InputField> leaves() {
    return fields.stream().flatMap(field -> field.leaves().stream()).toList();
  }

  /**
   * Returns a key made from the form's id and its content. A form that is sent twice, by a double
   * click or a reload, is one job; a form changed after the Back button is another job.
   */
  String idempotencyKey(Environment environment) {
    var content = requestId + environment.wire() + StrictJson.text(payload);
    return "form " + UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
  }
}
