// Generated from schemas/ by `npm run generate`. Do not edit.
// <stdin>
var ping = validate41;
function validate41(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate41.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.body === void 0 && (missing0 = "body")) {
        validate41.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.body !== void 0) {
          let data0 = data.body;
          const _errs2 = errors;
          if (errors === _errs2) {
            if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
              let missing1;
              if (data0.action === void 0 && (missing1 = "action")) {
                validate41.errors = [{ instancePath: instancePath + "/body", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Ping/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'" }];
                return false;
              } else {
                const _errs4 = errors;
                for (const key0 in data0) {
                  if (!(key0 === "action")) {
                    validate41.errors = [{ instancePath: instancePath + "/body", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Ping/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties" }];
                    return false;
                    break;
                  }
                }
                if (_errs4 === errors) {
                  if (data0.action !== void 0) {
                    if ("ping" !== data0.action) {
                      validate41.errors = [{ instancePath: instancePath + "/body/action", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Ping/properties/action/const", keyword: "const", params: { allowedValue: "ping" }, message: "must be equal to constant" }];
                      return false;
                    }
                  }
                }
              }
            } else {
              validate41.errors = [{ instancePath: instancePath + "/body", schemaPath: "https://shout-box.dev/schemas/client.json#/$defs/Ping/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
              return false;
            }
          }
        }
      }
    } else {
      validate41.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate41.errors = vErrors;
  return errors === 0;
}
validate41.evaluated = { "props": { "body": true }, "dynamicProps": false, "dynamicItems": false };
export {
  ping
};
