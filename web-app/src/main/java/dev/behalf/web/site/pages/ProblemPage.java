package dev.behalf.web.site.pages;

import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.StrictJson;
import dev.behalf.server.problem.Problem;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.SerializationFeature;

/**
 * The documentation of problems: the list, and for each problem the page that its {@code type}
 * names.
 */
@Controller
@RequestMapping("/docs/problems")
class ProblemPage {

  private final MessageSource messages;

  ProblemPage(MessageSource messages) {
    this.messages = messages;
  }

  @GetMapping
  String list(Model model) {
    model.addAttribute("problems", ProblemCode.values());
    return "problems";
  }

  @GetMapping("/{code}")
  String page(@PathVariable String code, Model model) {
    var problem =
        Arrays.stream(ProblemCode.values())
            .filter(known -> known.wire().equals(code))
            .findFirst()
            .orElseThrow(Problem::notFound);
    model.addAttribute("problem", problem);
    model.addAttribute("sample", sample(problem));
    return "problem";
  }

  /**
   * Returns the problem as the API sends it; a problem that only ends a job is shown within the
   * job.
   */
  private String sample(ProblemCode problem) {
    var sample = new LinkedHashMap<String, Object>();
    if (problem == ProblemCode.ATTEMPTS_EXHAUSTED) {
      sample.put("state", "failed");
    } else {
      sample.put("type", "/docs/problems/" + problem.wire());
      sample.put("title", problem.title());
      sample.put("status", problem.status());
    }
    var fix = "problem." + problem.wire() + ".fix";
    sample.put("detail", messages.getMessage(fix, null, Locale.ENGLISH));
    sample.put("code", problem.wire());
    if (problem != ProblemCode.ATTEMPTS_EXHAUSTED) {
      sample.put("trace_id", "0af7651916cd43dd8448eb211c80319c");
    }
    return StrictJson.MAPPER
        .writer()
        .with(SerializationFeature.INDENT_OUTPUT)
        .writeValueAsString(sample);
  }
}
