import { account, roleWith, trust, types, withNetwork } from "./fixtures/account";
import { interfaces } from "./interfaces";
import { putRecord } from "./dns";
import { IAM_DELAY } from "./iam";
import { NLB_LINGER, REGISTERED, registerTargets } from "./load-balancing";
import { text } from "./values";

const POOL = "aws:cognito/userPool:UserPool";
const DOMAIN = "aws:cognito/userPoolDomain:UserPoolDomain";
const CLIENT = "aws:cognito/userPoolClient:UserPoolClient";
const ZONE = "aws:route53/zone:Zone";
const RECORD = "aws:route53/record:Record";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";

describe("IAM", () => {
  test("others see a role some seconds after it was made, IAM itself at once", async () => {
    const cloud = account();
    const role = await cloud.create(types.role, { name: "r", assumeRolePolicy: trust("ec2.amazonaws.com") });
    expect(cloud.view.find(types.role, "r")).toBeUndefined();
    await cloud.create(types.attachment, {
      role: "r",
      policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
    });
    await cloud.clock.sleep(IAM_DELAY);
    expect(cloud.view.find(types.role, text(role.properties, "arn"))?.id).toBe("r");
  });

  test("a role does not go while policies hang on it, after two minutes of trying", async () => {
    const cloud = account();
    await roleWith(cloud, "tied", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy");
    await cloud.create(types.role, { name: "inline", assumeRolePolicy: trust("ec2.amazonaws.com") });
    await cloud.create(types.inline, {
      role: "inline",
      name: "p",
      policy: '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
    });
    expect(await cloud.refusal(cloud.remove(types.role, "tied"))).toMatch(/must detach all policies first/);
    expect(await cloud.refusal(cloud.remove(types.role, "inline"))).toMatch(/must delete policies first/);
    expect(cloud.clock.now()).toBeGreaterThanOrEqual(240);
  });

  test("names are taken once, whatever their case; a re-created role is another one", async () => {
    const cloud = account();
    const inputs = { name: "Ops", assumeRolePolicy: trust("ec2.amazonaws.com") };
    const role = await cloud.create(types.role, inputs);
    expect(await cloud.refusal(cloud.create(types.role, { ...inputs, name: "ops" }))).toMatch(
      /^EntityAlreadyExists/,
    );
    await cloud.clock.sleep(60);
    await cloud.remove(types.role, "Ops");
    const again = await cloud.create(types.role, inputs);
    expect(again.properties["arn"]).toBe(role.properties["arn"]);
    expect(again.properties["uniqueId"]).not.toBe(role.properties["uniqueId"]);
  });

  test("a trust in an identity provider that does not exist is accepted: nobody can use the role until it does", async () => {
    const cloud = account();
    const assumeRolePolicy = JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Principal: {
            Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/X",
          },
          Action: "sts:AssumeRoleWithWebIdentity",
        },
      ],
    });
    expect((await cloud.create(types.role, { name: "r", assumeRolePolicy })).status).toBe("active");
  });

  test("a managed policy of AWS that does not exist is refused, as are policies that are none", async () => {
    const cloud = account();
    await cloud.create(types.role, { name: "r", assumeRolePolicy: trust("ec2.amazonaws.com") });
    const policyArn = "arn:aws:iam::aws:policy/AmazonEKSEverything";
    expect(await cloud.refusal(cloud.create(types.attachment, { role: "r", policyArn }))).toMatch(
      /not attachable/,
    );
    expect(await cloud.refusal(cloud.create(types.attachment, { role: "none", policyArn }))).toMatch(
      /^NoSuchEntity/,
    );
    await expect(cloud.create(types.role, { name: "x", assumeRolePolicy: "{" })).rejects.toThrow(/no JSON/);
    await expect(cloud.create(types.role, { name: "a b", assumeRolePolicy: "{}" })).rejects.toThrow(
      /1 to 64/,
    );
  });

  test("inline policies of a role have 10,240 characters together", async () => {
    const cloud = account();
    await cloud.create(types.role, { name: "r", assumeRolePolicy: trust("ec2.amazonaws.com") });
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Resource: "x".repeat(6000) }] });
    await cloud.create(types.inline, { role: "r", name: "one", policy });
    await cloud.create(types.inline, { role: "r", name: "one", policy });
    expect(await cloud.refusal(cloud.create(types.inline, { role: "r", name: "two", policy }))).toMatch(
      /^LimitExceeded/,
    );
  });

  test("a policy of one's own does not go while it is attached", async () => {
    const cloud = account();
    const document = '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
    const policy = await cloud.create("aws:iam/policy:Policy", { name: "own", policy: document });
    await cloud.create(types.role, { name: "r", assumeRolePolicy: trust("ec2.amazonaws.com") });
    await cloud.clock.sleep(30);
    await cloud.create(types.attachment, { role: "r", policyArn: policy.id });
    expect(await cloud.refusal(cloud.remove("aws:iam/policy:Policy", policy.id))).toMatch(/^DeleteConflict/);
  });
});

describe("load balancers", () => {
  const balancer = (subnets: string[], groups: string[]) => ({
    name: "front",
    loadBalancerType: "network",
    internal: false,
    subnets,
    securityGroups: groups,
  });
  async function withBalancer() {
    const network = await withNetwork();
    const { cloud, vpcId, open } = network;
    const group = await cloud.create(types.group, { vpcId, name: "front" });
    const nlb = await cloud.create(types.balancer, balancer([open.id], [group.id]));
    const targets = await cloud.create(TARGETS, { name: "t", vpcId, port: 8000, protocol: "TCP" });
    const listening = {
      loadBalancerArn: nlb.id,
      port: 80,
      protocol: "TCP",
      defaultActions: [{ type: "forward", targetGroupArn: targets.id }],
    };
    const listener = await cloud.create(LISTENER, listening);
    return { ...network, group, nlb, targets, listening, listener };
  }

  test("a public one is refused in a network without an internet gateway, an inner one is not", async () => {
    const cloud = account();
    const { id: vpcId } = await cloud.create(types.vpc, { cidrBlock: "10.0.0.0/16" });
    const { id } = await cloud.create(types.subnet, { vpcId, cidrBlock: "10.0.0.0/24" });
    expect(await cloud.refusal(cloud.create(types.balancer, balancer([id], [])))).toBe(
      `InvalidSubnet: VPC ${vpcId} has no internet gateway`,
    );
    expect((await cloud.create(types.balancer, { ...balancer([id], []), internal: true })).status).toBe(
      "active",
    );
  });

  test("it holds its subnets, its group and the internet gateway until its interfaces are gone", async () => {
    const { cloud, nlb, nat, igw, group, targets } = await withBalancer();
    await cloud.remove(types.nat, nat.id);
    expect(await cloud.refusal(cloud.remove(types.igw, igw.id))).toMatch(/mapped public address/);
    expect(await cloud.refusal(cloud.remove(types.group, group.id))).toMatch(/dependent object/);
    const gone = cloud.lasts(() => cloud.remove(types.balancer, nlb.id));
    expect(interfaces(cloud.view, { owner: nlb.id })).toHaveLength(1);
    expect(await gone).toBeGreaterThanOrEqual(NLB_LINGER);
    expect(cloud.ids(LISTENER)).toEqual([]);
    await cloud.remove(TARGETS, targets.id);
    await cloud.remove(types.group, group.id);
    await cloud.remove(types.igw, igw.id);
  });

  test("pods are registered in a target group that is there, and go with it or with their binding", async () => {
    const { cloud, targets, nlb } = await withBalancer();
    registerTargets(cloud.view, targets.id, ["10.0.0.1", "10.0.0.2"]);
    registerTargets(cloud.view, targets.id, ["10.0.0.3"]);
    const registered = () => cloud.store.ofKind(REGISTERED).map(({ object }) => object.properties["targets"]);
    expect(registered()).toEqual([["10.0.0.3"]]);
    registerTargets(cloud.view, targets.id, []);
    expect(registered()).toEqual([]);
    expect(() => registerTargets(cloud.view, "arn:none", ["10.0.0.1"])).toThrow(/TargetGroupNotFound/);
    expect(() => registerTargets(cloud.view, "arn:none", [])).not.toThrow();
    registerTargets(cloud.view, targets.id, ["10.0.0.3"]);
    // Its listeners go with the load balancer.
    await cloud.remove(types.balancer, nlb.id);
    await cloud.remove(TARGETS, targets.id);
    expect(registered()).toEqual([]);
  });

  test("targets in use by a listener do not go; a listener needs both, and its port for itself", async () => {
    const { cloud, targets, listening, vpcId } = await withBalancer();
    expect(await cloud.refusal(cloud.remove(TARGETS, targets.id))).toMatch(/currently in use by a listener/);
    expect(await cloud.refusal(cloud.create(LISTENER, listening))).toMatch(/^DuplicateListener/);
    const other = { ...listening, port: 81 };
    expect(await cloud.refusal(cloud.create(LISTENER, { ...other, loadBalancerArn: "none" }))).toMatch(
      /^LoadBalancerNotFound/,
    );
    const defaultActions = [{ type: "forward", targetGroupArn: "none" }];
    expect(await cloud.refusal(cloud.create(LISTENER, { ...other, defaultActions }))).toMatch(
      /^TargetGroupNotFound/,
    );
    const udp = await cloud.create(TARGETS, { name: "u", vpcId, port: 53, protocol: "UDP" });
    const forUdp = [{ type: "forward", targetGroupArn: udp.id }];
    expect(await cloud.refusal(cloud.create(LISTENER, { ...other, defaultActions: forUdp }))).toMatch(
      /incompatible with the listener protocol/,
    );
  });

  test("names are taken once; two subnets of one zone, protection and a long name are refused", async () => {
    const { cloud, open, first, nlb, vpcId } = await withBalancer();
    expect(await cloud.refusal(cloud.create(types.balancer, balancer([open.id], [])))).toMatch(
      /^DuplicateLoad/,
    );
    const two = { ...balancer([open.id, first.id], []), name: "two" };
    expect(await cloud.refusal(cloud.create(types.balancer, two))).toMatch(/same Availability Zone/);
    await cloud.update(types.balancer, nlb.id, {
      ...balancer([open.id], []),
      enableDeletionProtection: true,
    });
    expect(await cloud.refusal(cloud.remove(types.balancer, nlb.id))).toMatch(/^OperationNotPermitted/);
    await expect(cloud.create(TARGETS, { name: "x".repeat(33), vpcId })).rejects.toThrow(/32 characters/);
  });
});

describe("groups and rules", () => {
  test("a group that another's rule names does not go; its own rules go with it; a rule is taken once", async () => {
    const { cloud, vpcId } = await withNetwork();
    const [a, b] = [
      await cloud.create(types.group, { vpcId, name: "a" }),
      await cloud.create(types.group, { vpcId, name: "b" }),
    ];
    const rule = {
      securityGroupId: a.id,
      referencedSecurityGroupId: b.id,
      ipProtocol: "tcp",
      fromPort: 1,
      toPort: 1,
    };
    await cloud.create(types.ingress, rule);
    expect(await cloud.refusal(cloud.create(types.ingress, rule))).toMatch(/^InvalidPermission.Duplicate/);
    expect(await cloud.refusal(cloud.remove(types.group, b.id))).toMatch(/has a dependent object/);
    await cloud.remove(types.group, a.id);
    expect(cloud.ids(types.ingress)).toEqual([]);
    await cloud.remove(types.group, b.id);
    expect(await cloud.refusal(cloud.create(types.ingress, rule))).toMatch(/^InvalidGroup.NotFound/);
  });

  test("the older kind of rule holds a group as well", async () => {
    const { cloud, vpcId } = await withNetwork();
    const a = await cloud.create(types.group, { vpcId, name: "a" });
    const b = await cloud.create(types.group, { vpcId, name: "b" });
    expect(await cloud.refusal(cloud.create(types.group, { vpcId, name: "a" }))).toMatch(
      /^InvalidGroup.Duplicate/,
    );
    await cloud.create("aws:ec2/securityGroupRule:SecurityGroupRule", {
      type: "ingress",
      securityGroupId: a.id,
      sourceSecurityGroupId: b.id,
      protocol: "tcp",
      fromPort: 1,
      toPort: 1,
    });
    expect(await cloud.refusal(cloud.remove(types.group, b.id))).toMatch(/has a dependent object/);
    await expect(cloud.create(types.group, { vpcId, name: "c", description: "naïve" })).rejects.toThrow(
      /are taken/,
    );
  });
});

describe("sign-in", () => {
  test("a prefix is taken by one pool of all accounts in the region, and must not sound like AWS", async () => {
    const cloud = account();
    const pool = await cloud.create(POOL, { name: "users" });
    const inputs = { domain: "cmb-1", userPoolId: pool.id };
    await cloud.create(DOMAIN, inputs);
    const other = await cloud.create(POOL, { name: "users" });
    expect(other.id).not.toBe(pool.id);
    expect(await cloud.refusal(cloud.create(DOMAIN, { ...inputs, userPoolId: other.id }))).toMatch(
      /already associated/,
    );
    expect(await cloud.refusal(cloud.create(DOMAIN, { ...inputs, domain: "cmb-2" }))).toMatch(
      /already has a domain/,
    );
    await expect(cloud.create(DOMAIN, { ...inputs, domain: "my-aws-pool" })).rejects.toThrow(
      /may not hold aws/,
    );
    await expect(cloud.create(DOMAIN, { ...inputs, domain: "UPPER" })).rejects.toThrow(/lower-case/);
    expect(await cloud.refusal(cloud.create(DOMAIN, { domain: "x", userPoolId: "none" }))).toMatch(
      /does not exist/,
    );
  });

  test("a pool does not go while it is protected or has a domain; its clients go with it", async () => {
    const cloud = account();
    const pool = await cloud.create(POOL, { name: "users", deletionProtection: "ACTIVE" });
    await cloud.create(DOMAIN, { domain: "d", userPoolId: pool.id });
    const client = await cloud.create(CLIENT, { userPoolId: pool.id, generateSecret: true });
    expect(client.properties["clientSecret"]).toMatch(/^[0-9a-f]{52}$/);
    expect(await cloud.refusal(cloud.remove(POOL, pool.id))).toMatch(/deletion protection is activated/);
    await cloud.update(POOL, pool.id, { name: "users", deletionProtection: "INACTIVE" });
    expect(await cloud.refusal(cloud.remove(POOL, pool.id))).toMatch(/has a domain configured/);
    await cloud.remove(DOMAIN, "d");
    await cloud.remove(POOL, pool.id);
    expect(cloud.ids(CLIENT)).toEqual([]);
  });

  test("attributes are added to a pool, never taken away", async () => {
    const cloud = account();
    const schemas = [{ name: "team", attributeDataType: "String" }];
    const pool = await cloud.create(POOL, { name: "users", schemas });
    const more = [...schemas, { name: "desk", attributeDataType: "String" }];
    await cloud.update(POOL, pool.id, { name: "users", schemas: more });
    expect(await cloud.refusal(cloud.update(POOL, pool.id, { name: "users", schemas }))).toMatch(
      /cannot modify/,
    );
  });
});

describe("DNS", () => {
  test("a zone with records does not go, one that may be emptied does", async () => {
    const cloud = account();
    const zone = await cloud.create(ZONE, { name: "example.org" });
    expect(zone.properties["nameServers"]).toHaveLength(4);
    putRecord(cloud.view, zone.id, "_acme-challenge.example.org", "TXT");
    expect(await cloud.refusal(cloud.remove(ZONE, zone.id))).toMatch(/^HostedZoneNotEmpty/);
    const loose = await cloud.create(ZONE, { name: "example.org", forceDestroy: true });
    putRecord(cloud.view, loose.id, "x.example.org", "TXT");
    await cloud.remove(ZONE, loose.id);
    expect(cloud.ids(ZONE)).toEqual([zone.id]);
  });

  test("a record that is there is refused, whoever made it; so are names of other domains and lost targets", async () => {
    const cloud = account();
    const { id: zoneId } = await cloud.create(ZONE, { name: "example.org" });
    const record = { zoneId, name: "www.example.org", type: "CNAME", records: ["x"], ttl: 60 };
    await cloud.create(RECORD, record);
    expect(await cloud.refusal(cloud.create(RECORD, record))).toMatch(/but it already exists/);
    putRecord(cloud.view, zoneId, "api.example.org", "CNAME");
    expect(await cloud.refusal(cloud.create(RECORD, { ...record, name: "api.example.org" }))).toMatch(
      /but it already exists/,
    );
    const over = { ...record, allowOverwrite: true };
    expect((await cloud.create(RECORD, over)).id).toBe(`${zoneId}_www.example.org_CNAME`);
    expect(await cloud.refusal(cloud.create(RECORD, { ...record, name: "www.other.org" }))).toMatch(
      /not permitted/,
    );
    const name = "gone-0.elb.us-east-1.amazonaws.com";
    const aliases = [{ name, zoneId: "Z26RNL4JYFTOTI", evaluateTargetHealth: false }];
    expect(
      await cloud.refusal(cloud.create(RECORD, { zoneId, name: "example.org", type: "A", aliases })),
    ).toMatch(/does not lie within the target zone/);
    expect(await cloud.refusal(cloud.create(RECORD, { ...record, zoneId: "Z0" }))).toMatch(
      /^NoSuchHostedZone/,
    );
  });
});

describe("costs", () => {
  test("a schedule waits for its role to be seen, and is refused one that the scheduler may not take", async () => {
    const cloud = account();
    const type = "aws:scheduler/schedule:Schedule";
    const role = await cloud.create(types.role, {
      name: "night",
      assumeRolePolicy: trust("scheduler.amazonaws.com"),
    });
    const wrong = await cloud.create(types.role, {
      name: "day",
      assumeRolePolicy: trust("ec2.amazonaws.com"),
    });
    const inputs = (roleArn: unknown) => ({
      name: "night",
      flexibleTimeWindow: { mode: "OFF" },
      scheduleExpression: "cron(0 20 ? * MON-FRI *)",
      target: { arn: "arn:aws:scheduler:::aws-sdk:eks:updateNodegroupConfig", roleArn: String(roleArn) },
    });
    expect(await cloud.refusal(cloud.create(type, inputs(wrong.properties["arn"])))).toMatch(
      /^ValidationException/,
    );
    expect((await cloud.create(type, inputs(role.properties["arn"]))).id).toBe("default/night");
    expect(await cloud.refusal(cloud.create(type, inputs(role.properties["arn"])))).toMatch(
      /^ConflictException/,
    );
    await expect(
      cloud.create(type, { ...inputs(role.properties["arn"]), scheduleExpression: "at night" }),
    ).rejects.toThrow(/rate\(1 hour\)/);
  });

  test("a budget's name is taken once, its notifications name somebody, its limit is above zero", async () => {
    const cloud = account();
    const type = "aws:budgets/budget:Budget";
    const inputs = {
      name: "b",
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "100",
      limitUnit: "USD",
    };
    expect((await cloud.create(type, inputs)).properties["accountId"]).toBe("111122223333");
    expect(await cloud.refusal(cloud.create(type, inputs))).toMatch(/^DuplicateRecordException/);
    await expect(cloud.create(type, { ...inputs, limitAmount: "0" })).rejects.toThrow(/above zero/);
    const notification = { threshold: 80, thresholdType: "PERCENTAGE", notificationType: "ACTUAL" };
    await expect(
      cloud.create(type, {
        ...inputs,
        notifications: [{ ...notification, comparisonOperator: "GREATER_THAN" }],
      }),
    ).rejects.toThrow(/e-mail addresses/);
  });
});
