package dev.behalf.server.operations;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Spring configuration of a server that reads the operations. */
@Configuration(proxyBeanMethods = false)
@Import({OperationCatalogue.class, OperationSchemas.class})
public class OperationConfiguration {}
