package dev.behalf.compute.jobs;

import dev.behalf.keyauth.KeyHolder;
import dev.behalf.problem.JsonBody;
import dev.behalf.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.MDC;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/ai/jobs")
class ComputeController {

  private final ComputeJobs jobs;
  private final Results results;

  ComputeController(ComputeJobs jobs, Results results) {
    this.jobs = jobs;
    this.results = results;
  }

  @PostMapping
  SavedResult compute(@AuthenticationPrincipal KeyHolder holder, HttpServletRequest request)
      throws IOException {
    var body = JsonBody.read(request, ComputeRequest.class);
    var jobId = body.checkedId();
    try (var job = MDC.putCloseable("job_id", jobId.toString())) {
      return jobs.run(holder, jobId, body.checkedPayload());
    }
  }

  @GetMapping("/{id}")
  SavedResult find(@AuthenticationPrincipal KeyHolder holder, @PathVariable UUID id) {
    return results.find(holder.userId(), holder.environment(), id).orElseThrow(Problem::notFound);
  }
}
