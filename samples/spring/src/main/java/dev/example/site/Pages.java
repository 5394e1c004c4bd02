package dev.example.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.behalf.client.ConnectionException;
import dev.behalf.client.ProblemException;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The pages. Each looks for a task among those of the person who is signed in. */
@Controller
class Pages {

  private final Tasks tasks;
  private final Button button;
  private final Work work;
  private final String behalf;

  Pages(Tasks tasks, Button button, Work work, @Value("${behalf.server}") String behalf) {
    this.tasks = tasks;
    this.button = button;
    this.work = work;
    this.behalf = behalf.replaceFirst("/+$", "");
  }

  @GetMapping("/sign-in")
  String signIn() {
    return "sign-in";
  }

  @GetMapping("/")
  String home(@AuthenticationPrincipal Person person, Model model) {
    model.addAttribute("press", UUID.randomUUID());
    model.addAttribute("tasks", tasks.latest(person.externalId()));
    return "home";
  }

  /** A press of the button: a task, and after the commit a job for the person. */
  @PostMapping("/")
  String press(
      @AuthenticationPrincipal Person person,
      @RequestParam String text,
      @RequestParam UUID press,
      Model model) {
    var stripped = text.strip();
    var fault = fault(stripped);
    if (fault.isEmpty()) {
      try {
        work.register(person);
        return "redirect:/tasks/" + press(person, stripped, press);
      } catch (ProblemException | ConnectionException failed) {
        fault = Work.explain(failed);
      }
    }
    model.addAttribute("text", text);
    model.addAttribute("fault", fault);
    return home(person, model);
  }

  private static String fault(String text) {
    if (text.isEmpty()) {
      return "Enter a text.";
    }
    return text.length() > Capitals.LONGEST
        ? "A text has at most %,d characters.".formatted(Capitals.LONGEST)
        : "";
  }

  private UUID press(Person person, String text, UUID press) {
    // One id for a double click on the button, and a new one for any other press.
    var words = press + " " + person.externalId() + " " + text;
    var id = UUID.nameUUIDFromBytes(words.getBytes(UTF_8));
    try {
      button.press(id, person, text);
    } catch (DuplicateKeyException second) {
      // The second half of a double click.
    }
    return id;
  }

  /** Shows a task. The page's script streams the output while the job is under way. */
  @GetMapping("/tasks/{id}")
  String task(@PathVariable UUID id, @AuthenticationPrincipal Person person, Model model) {
    var task = own(id, person);
    if (task.isOpen()) {
      try {
        task = work.refresh(task);
      } catch (ProblemException | ConnectionException failed) {
        model.addAttribute("notice", Work.explain(failed));
      }
    }
    model.addAttribute("task", task);
    return "task";
  }

  /**
   * Gives the page's script a token, and the address to use it at.
   *
   * @return 503 to be asked again, 410 if the task has ended, 403 for good
   */
  @PostMapping("/tasks/{id}/watch-token")
  ResponseEntity<Map<String, String>> watchToken(
      @PathVariable UUID id, @AuthenticationPrincipal Person person) {
    var task = own(id, person);
    try {
      if (task.jobId() == null && task.isOpen()) {
        task = work.refresh(task);
      }
      if (!task.isOpen()) {
        return ResponseEntity.status(HttpStatus.GONE).build();
      }
      if (task.jobId() == null) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
      }
      var events = behalf + "/api/v1/jobs/" + task.jobId() + "/events";
      return ResponseEntity.ok(Map.of("events", events, "token", work.watchToken(task).token()));
    } catch (ProblemException | ConnectionException failed) {
      return ResponseEntity.status(
              Work.isTemporary(failed) ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.FORBIDDEN)
          .build();
    }
  }

  @PostMapping("/tasks/{id}/cancel")
  String cancel(
      @PathVariable UUID id,
      @AuthenticationPrincipal Person person,
      RedirectAttributes afterwards) {
    var task = own(id, person);
    try {
      if (task.jobId() == null && task.isOpen()) {
        task = work.refresh(task);
      }
      if (task.jobId() != null) {
        work.cancel(task);
        afterwards.addFlashAttribute("info", "Cancellation was requested.");
      } else {
        afterwards.addFlashAttribute("fault", "Behalf does not have the job yet. Try again soon.");
      }
    } catch (ProblemException | ConnectionException failed) {
      afterwards.addFlashAttribute("fault", Work.explain(failed));
    }
    return "redirect:/tasks/" + id;
  }

  /** Somebody else's task gets the same answer as none. */
  private Task own(UUID id, Person person) {
    return tasks
        .find(id)
        .filter(task -> task.owner().equals(person.externalId()))
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }
}
