package dev.behalf.web.webhooks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Resolves names through the operating system. A slow name server blocks a thread that nothing can
 * interrupt, so look-ups run on at most 64 platform threads of their own: no user can block
 * requests with a name.
 */
@Component
class SystemNameResolver implements NameResolver, DisposableBean {

  private static final int AT_ONCE = 64;
  private static final int SECONDS = 5;

  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          AT_ONCE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("webhook-names-", 0).factory());

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    try {
      return threads.submit(() -> InetAddress.getAllByName(host)).get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | RejectedExecutionException unknown) {
      throw unknown(host, unknown);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw unknown(host, stopped);
    }
  }

  private static UnknownHostException unknown(String host, Exception cause) {
    var unknown = new UnknownHostException(host);
    unknown.initCause(cause);
    return unknown;
  }

  @Override
  public void destroy() {
    threads.shutdownNow();
  }
}
