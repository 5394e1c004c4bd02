package dev.behalf.worker.consume;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A channel that does with acknowledgements what a broker does: it keeps the deliveries that are
 * not acknowledged, and rejects the ack of an unknown one, for which a broker closes the channel.
 */
final class FakeChannel implements InvocationHandler {

  /** The acks and nacks in order, such as {@code ack 3}, {@code ack ..3} and {@code nack 3}. */
  final List<String> sent = new ArrayList<>();

  final TreeSet<Long> unacknowledged = new TreeSet<>();
  private long lastTag;
  private boolean broken;

  Channel channel() {
    return (Channel)
        Proxy.newProxyInstance(
            Channel.class.getClassLoader(), new Class<?>[] {Channel.class}, this);
  }

  /** Delivers the next message and returns its tag. */
  long deliver() {
    unacknowledged.add(++lastTag);
    return lastTag;
  }

  /** Makes every later ack and nack fail. */
  void breakDown() {
    broken = true;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object[] arguments)
      throws IOException {
    if (broken) {
      throw new IOException("the channel is closed");
    }
    long tag = (long) arguments[0];
    if (!unacknowledged.contains(tag)) {
      throw new IllegalStateException("PRECONDITION_FAILED - unknown delivery tag " + tag);
    }
    switch (method.getName()) {
      case "basicAck" -> {
        var multiple = (boolean) arguments[1];
        sent.add((multiple ? "ack .." : "ack ") + tag);
        if (multiple) {
          unacknowledged.headSet(tag, true).clear();
        }
      }
      case "basicNack" -> {
        if ((boolean) arguments[1] || !(boolean) arguments[2]) {
          throw new IllegalStateException("A nack requeues exactly one delivery.");
        }
        sent.add("nack " + tag);
      }
      default -> throw new UnsupportedOperationException(method.getName());
    }
    unacknowledged.remove(tag);
    return null;
  }
}
