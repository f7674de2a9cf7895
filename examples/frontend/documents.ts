import { gql } from "@urql/core";

// Both clients take these. With graphql-codegen (preset "client") they come with the types of variables and answers.

export const CreateTenant = gql`
  mutation CreateTenant($input: CreateTenantInput!) {
    createTenant(input: $input) {
      tenant { id slug status }
      job { id }
      userErrors { code field message }
    }
  }
`;

export const ListTenants = gql`
  query ListTenants($first: Int) {
    tenants(first: $first) {
      nodes { id slug status server { id name } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

export const ShowTenant = gql`
  query ShowTenant($id: ID!) {
    tenant(id: $id) { id slug status }
  }
`;

export const LookUp = gql`
  query LookUp($id: ID!) {
    node(id: $id) {
      id
      ... on Tenant { slug }
      ... on TestRun { kind results(first: 5) { nodes { verdict ... on ConnectionTestResult { connectMs } } } }
    }
  }
`;

export const StartPerformanceTest = gql`
  mutation StartPerformanceTest($input: PerformanceTestInput!) {
    startPerformanceTest(input: $input) {
      testRun {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export const FollowRun = gql`
  subscription FollowRun($id: ID!, $after: Int) {
    testRunProgress(id: $id, after: $after) {
      sequence
      status
      verdict
      progress { percent done total }
    }
  }
`;
