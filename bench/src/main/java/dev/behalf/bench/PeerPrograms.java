package dev.behalf.bench;

import com.rabbitmq.client.AMQP;
import java.io.IOException;
import java.net.URI;

/** The three programs of a peer, and the messages of its jobs. */
interface PeerPrograms {

  Program startWeb(int port) throws IOException;

  Program startWorker(URI compute) throws IOException;

  Program startCompute(int port) throws IOException;

  /** Returns the name of the queue of jobs. */
  String queue();

  /** A message as the worker takes it from the web program. */
  record Message(AMQP.BasicProperties properties, byte[] body) {}

  Message message(String job, String user);
}
